import { join, resolve } from 'node:path';
import { isNativeError } from 'node:util/types';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { outputIdOf } from '../infra/aws/names.ts';
import { Complaint } from './complaint.ts';
import { findEndpoint } from './local/endpoint-file.ts';
import { ROOT } from './local/synthesise.ts';
import { messageOf } from './message-of.ts';
import { type OperatorPorts, operatorPorts } from './operator.ts';
import { stageNamed } from './stage-named.ts';

const stageOption = {
  value: 'NAME',
  says: 'a stage of infra/aws/stages.ts (or SLIPWAY_STAGE), in its region; goes past this machine',
} as const;

/** The options with which an owner says which Slipway is meant. */
export const connectionOptions = {
  directory: { value: 'FOLDER', says: 'state folder of a Slipway on this machine (.slipway)' },
  stack: { value: 'NAME', says: 'CloudFormation stack of a control plane on AWS (slipway); goes past this machine' },
  stage: stageOption,
} as const;

export interface Connection {
  readonly ports: OperatorPorts;
  /** Of the control plane's stack. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Which Slipway this is, for people. */
  readonly place: string;
}

/**
 * The Slipway that runs on this machine, else the one on AWS under the credentials and region of the environment.
 * @throws Complaint when there is neither
 */
export const connect = async (values: Readonly<Record<string, string>>): Promise<Connection> => {
  const stage = stageMeant(values);
  if (stage !== undefined) return onStage(stage, values['stack']);
  const directory = values['directory'] ? resolve(values['directory']) : join(ROOT, '.slipway');
  const local = values['stack'] ? undefined : findEndpoint(directory);
  if (!local) return onAws(values['stack'] ?? 'slipway', `No Slipway runs on ${directory}, and `);
  const { endpoint, region, outputs, gitHubApiUrl } = local;
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const environment = { GITHUB_API_URL: gitHubApiUrl };
  const ports = operatorPorts({ outputs, aws: { endpoint, region, credentials }, environment });
  return { ports, outputs, place: `this machine (${directory})` };
};

/** The stage that the words name, or else the environment, unless the words name another Slipway. */
export const stageMeant = (values: Readonly<Record<string, string>>): string | undefined => {
  const named = values['stage'] ?? (values['directory'] || values['stack'] ? '' : process.env['SLIPWAY_STAGE']);
  return named === '' ? undefined : named;
};

const onStage = async (name: string, stackName = 'slipway'): Promise<Connection> => {
  const stage = stageNamed(name);
  const connection = await onAws(stackName, '', stage.region);
  const arn = connection.outputs[outputIdOf('REQUEST_MACHINE_ARN')] ?? '';
  const [, , , , account = ''] = arn.split(':');
  if (account === stage.account) return connection;
  throw new Complaint(
    `These credentials are of the account ${account}, and the stage ${name} is in ${stage.account}. Nothing was changed; sign in to that account and try again.`,
  );
};

const onAws = async (stackName: string, prefix: string, wanted?: string): Promise<Connection> => {
  const client = new CloudFormationClient({ ...(wanted && { region: wanted }) });
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const named = (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
    const region = await client.config.region();
    const outputs = Object.fromEntries(named);
    const ports = operatorPorts({ outputs, aws: { region } });
    return { ports, outputs, place: `AWS ${region}, stack ${stackName}` };
  } catch (error) {
    throw new Complaint(sentence(`${prefix}${missing(error, stackName)}`), { cause: error });
  }
};

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

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
