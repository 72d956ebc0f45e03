import type { Place } from './account.ts';

/** Of CDK's default synthesizer: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
const QUALIFIER = 'hnb659fds';

type Purpose = 'deploy' | 'file-publishing' | 'lookup';

/** A role that CDK's bootstrap makes, by name: CDK's command line takes it for its work. */
export const bootstrapRole = (purpose: Purpose, { account, region }: Place): string =>
  `arn:aws:iam::${account}:role/cdk-${QUALIFIER}-${purpose}-role-${account}-${region}`;

export const bootstrapStackName = 'CDKToolkit';
