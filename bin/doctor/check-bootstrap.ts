import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { messageOf } from '../message-of.ts';
import type { ClientSettings, Place } from './account.ts';
import { bootstrapStackName } from './bootstrap-roles.ts';
import { type Check, missing, ok } from './diagnosis.ts';

/** The first version with every role that CDK's command line takes for our stacks; it refuses below 6. */
const NEEDED = 8;

/** CDK has been told of the place: its bucket for code and its roles are there. `home` is the account that deploys. */
export const checkBootstrap = (settings: ClientSettings, place: Place, home: string): Check => ({
  name: `bootstrap of ${place.account} ${place.region}`,
  run: async () => {
    const remedy = `Run, with the rights of an administrator of ${place.account}: ${bootstrapCall(place, home)}`;
    try {
      const client = new CloudFormationClient(settings);
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: bootstrapStackName }));
      const outputs = Stacks?.[0]?.Outputs ?? [];
      const version = Number(outputs.find(({ OutputKey }) => OutputKey === 'BootstrapVersion')?.OutputValue ?? 0);
      return version >= NEEDED
        ? ok(`version ${version}`)
        : missing(`It is of version ${version}; version ${NEEDED} is needed`, remedy);
    } catch (error) {
      return missing(whyNot(messageOf(error), place, home), remedy);
    }
  },
});

/** What an administrator of the place runs; another account has to trust the one that deploys. */
export const bootstrapCall = ({ account, region }: Place, home: string): string =>
  [
    `npx cdk bootstrap aws://${account}/${region}`,
    ...(account === home
      ? []
      : [
          `--trust ${home} --trust-for-lookup ${home}`,
          '--cloudformation-execution-policies arn:aws:iam::aws:policy/AdministratorAccess',
        ]),
  ].join(' ');

const whyNot = (message: string, { account }: Place, home: string): string => {
  if (message.includes('does not exist')) return `There is no stack ${bootstrapStackName}`;
  return account === home
    ? `The stack ${bootstrapStackName} cannot be read: ${message}`
    : `Account ${account} is not bootstrapped, or does not trust ${home}: ${message}`;
};
