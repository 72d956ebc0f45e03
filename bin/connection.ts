import { join, resolve } from 'node:path';
import { isNativeError } from 'node:util/types';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { Complaint } from './complaint.ts';
import { findEndpoint } from './local/endpoint-file.ts';
import { ROOT } from './local/synthesise.ts';
import { messageOf } from './message-of.ts';
import { type OperatorPorts, operatorPorts } from './operator.ts';

/** The options with which an owner says which Slipway is meant. */
export const connectionOptions = {
  directory: { value: 'FOLDER', says: 'state folder of a Slipway on this machine (.slipway)' },
  stack: { value: 'NAME', says: 'CloudFormation stack of a control plane on AWS (slipway); goes past this machine' },
} as const;

export interface Connection {
  readonly ports: OperatorPorts;
  /** Which Slipway this is, for people. */
  readonly place: string;
}

/**
 * The Slipway that runs on this machine, else the one on AWS under the credentials and region of the environment.
 * @throws Complaint when there is neither
 */
export const connect = async (values: Readonly<Record<string, string>>): Promise<Connection> => {
  const directory = values['directory'] ? resolve(values['directory']) : join(ROOT, '.slipway');
  const local = values['stack'] ? undefined : findEndpoint(directory);
  if (!local) return onAws(values['stack'] ?? 'slipway', directory);
  const { endpoint, region, outputs, gitHubApiUrl } = local;
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const environment = { GITHUB_API_URL: gitHubApiUrl };
  const ports = operatorPorts({ outputs, aws: { endpoint, region, credentials }, environment });
  return { ports, place: `this machine (${directory})` };
};

const onAws = async (stackName: string, directory: string): Promise<Connection> => {
  const client = new CloudFormationClient({});
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const named = (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
    const region = await client.config.region();
    const ports = operatorPorts({ outputs: Object.fromEntries(named), aws: { region } });
    return { ports, place: `AWS ${region}, stack ${stackName}` };
  } catch (error) {
    throw new Complaint(`No Slipway runs on ${directory}, and ${missing(error, stackName)}`, { cause: error });
  }
};

const missing = (error: unknown, stackName: string): string => {
  const name = isNativeError(error) ? error.name : '';
  const message = messageOf(error);
  if (name === 'CredentialsProviderError')
    return 'there are no AWS credentials to find one there. Run npm start here, or sign in to AWS, and try again.';
  if (message.includes('Region is missing'))
    return 'no AWS region is set. Run npm start here, or set AWS_REGION, and try again.';
  if (message.includes('does not exist'))
    return `the AWS account has no CloudFormation stack ${stackName} in this region. Run npm start here, or name the stack with --stack.`;
  return `AWS could not be asked: ${message} Nothing was changed.`;
};
