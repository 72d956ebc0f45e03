import { boundaryName, cloudFormationRoleName } from '../../infra/aws/names.ts';
import { neededOfRole } from '../../infra/local/cloudformation/role-actions.ts';
import type { RoleQuestion } from '../../infra/local/cloudformation/role-question.ts';
import { createIam } from '../../infra/local/iam/iam.ts';
import type { Properties } from '../../infra/local/part.ts';
import { create, testWorld } from '../local/test-world.ts';
import { resourceOf, statementsOf } from './synthesised.ts';

/** Of the example stage. */
export const ACCOUNT = '000000000000';
export const REGION = 'eu-west-1';

const site = { name: 'local' } as Parameters<typeof boundaryName>[0];

export const serviceRoleName = cloudFormationRoleName(site);
export const boundary = `arn:aws:iam::${ACCOUNT}:policy/${boundaryName(site)}`;
export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** CloudFormation's role as it is synthesised, in an embedded IAM: throws AWS's refusal of a call that it may not make. */
export const serviceRole = async (): Promise<(question: RoleQuestion) => void> => {
  const iam = createIam({ ...testWorld(), account: ACCOUNT, region: REGION });
  const [id, { Properties }] = resourceOf('AWS::IAM::Role', 'CloudFormationRole');
  const { RoleName, AssumeRolePolicyDocument } = Properties ?? {};
  const Policies = [{ PolicyName: 'own', PolicyDocument: { Statement: statementsOf(id) } }];
  await create(iam, 'AWS::IAM::Role', id, { RoleName, AssumeRolePolicyDocument, Policies });
  return (question) => {
    for (const { action, resources, context } of neededOfRole(question))
      iam.authorizeRole(roleArn(String(RoleName)), action, resources, context);
  };
};

export const creating = (type: string, properties: Properties): RoleQuestion => ({
  ...{ account: ACCOUNT, region: REGION, stackName: 'dev-shop', logicalId: 'One', seed: 'one' },
  ...{ verb: 'create', type, properties, physicalId: undefined },
});
