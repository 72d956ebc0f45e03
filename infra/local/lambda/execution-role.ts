import type { Iam } from '../iam/iam.ts';
import type { Properties } from '../part.ts';
import { type FunctionRecord, invalidParameter } from './function-record.ts';

/** Refuses, in Lambda's words, a role that Lambda cannot take, or that lacks what the function's own settings need. */
export const checkExecutionRole = (
  { serviceMayAssume, roleAllows }: Pick<Iam, 'serviceMayAssume' | 'roleAllows'>,
  { roleArn, recorded }: Pick<FunctionRecord, 'roleArn' | 'recorded'>,
): void => {
  if (!serviceMayAssume(roleArn, 'lambda.amazonaws.com'))
    throw invalidParameter(`The role defined for the function cannot be assumed by Lambda. (${roleArn})`);
  const missing = neededBy(recorded).find(({ action, resource }) => !roleAllows(roleArn, action, resource));
  if (missing)
    throw invalidParameter(
      `The provided execution role does not have permissions to call ${missing.spoken} (${roleArn} lacks ${missing.action} on ${missing.resource})`,
    );
};

interface Need {
  readonly action: string;
  readonly resource: string;
  readonly spoken: string;
}

const neededBy = ({ DeadLetterConfig, TracingConfig, VpcConfig }: Properties): readonly Need[] => {
  const deadLetters = String((DeadLetterConfig as Properties | undefined)?.['TargetArn'] ?? '');
  const subnets = (VpcConfig as Properties | undefined)?.['SubnetIds'];
  const isTraced = (TracingConfig as Properties | undefined)?.['Mode'] === 'Active';
  return [
    ...(deadLetters.startsWith('arn:aws:sqs:')
      ? [{ action: 'sqs:SendMessage', resource: deadLetters, spoken: 'SendMessage on SQS' }]
      : []),
    ...(deadLetters.startsWith('arn:aws:sns:')
      ? [{ action: 'sns:Publish', resource: deadLetters, spoken: 'Publish on SNS' }]
      : []),
    ...(isTraced ? TRACING : []),
    ...(Array.isArray(subnets) && subnets.length > 0 ? INTERFACES : []),
  ];
};

const onAll = (service: string, name: string, spoken: string): Need => ({
  action: `${service}:${name}`,
  resource: '*',
  spoken: `${name} on ${spoken}`,
});

const TRACING: readonly Need[] = [onAll('xray', 'PutTraceSegments', 'XRAY')];

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
const INTERFACES: readonly Need[] = [
  onAll('ec2', 'CreateNetworkInterface', 'EC2'),
  onAll('ec2', 'DescribeNetworkInterfaces', 'EC2'),
  onAll('ec2', 'DeleteNetworkInterface', 'EC2'),
];
