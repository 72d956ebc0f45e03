import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * The same statements, when they fit into what IAM takes: 6,144 characters of a managed policy, 10,240 of all inline
 * policies of a role (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
 * @throws Error at synthesis, because AWS finds out only in the middle of a deployment.
 */
export const fitting = (statements: PolicyStatement[], limit: number, name: string): PolicyStatement[] => {
  const { length } = JSON.stringify({ Version: '2012-10-17', Statement: statements.map((each) => each.toJSON()) });
  if (length <= limit) return statements;
  throw new Error(
    `The policy of ${name} has ${length} characters, and IAM takes ${limit}: the cluster has too many environments. Move some of them to another cluster in infra/aws/stages.ts; nothing was deployed`,
  );
};
