import type { Iam } from '../iam/iam.ts';
import { AwsError } from '../wire/service.ts';

/** What a state machine's role is judged by when the machine is made or changed. */
export type RoleJudge = Pick<Iam, 'serviceMayAssume' | 'roleAllows'>;

interface Machine {
  readonly arn: string;
  readonly roleArn: string;
  readonly loggingConfiguration: object;
}

/**
 * Refuses a role that Step Functions cannot take for this machine, or that may not deliver its logs. What the states call is asked
 * when they call it: AWS does not look at it before either.
 */
export const checkRole = ({ serviceMayAssume, roleAllows }: RoleJudge, machine: Machine, account: string): void => {
  const { arn, roleArn, loggingConfiguration } = machine;
  const source = { 'aws:SourceArn': arn, 'aws:SourceAccount': account };
  if (!serviceMayAssume(roleArn, 'states.amazonaws.com', source))
    throw new AwsError(
      'AccessDeniedException',
      `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role. (${roleArn})`,
    );
  const missing = logs(loggingConfiguration)
    ? LOG_DELIVERY.find((action) => !roleAllows(roleArn, action, '*'))
    : undefined;
  if (missing !== undefined)
    throw new AwsError(
      'AccessDeniedException',
      `The state machine IAM Role is not authorized to access the Log Destination (${roleArn} lacks ${missing})`,
    );
};

/** A template writes the members with a capital letter, the API with a small one. */
const logs = (configuration: object): boolean => {
  const { level, Level } = configuration as { readonly level?: unknown; readonly Level?: unknown };
  return (level ?? Level ?? 'OFF') !== 'OFF';
};

// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];
