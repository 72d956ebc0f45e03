import {
  type Capability,
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';

export interface TemplateDeployment {
  readonly stackName: string;
  readonly templateBody: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly Capability[];
  readonly roleArn?: string;
}

/**
 * Creates or updates a stack, waits until it is at rest and gives its outputs; nothing to update is a success. What an
 * earlier life left half made is waited for, and what is left of a failed create is deleted first. Throws with the reasons
 * of the failed resources when the stack does not get there.
 */
export const deployTemplate = async (
  client: CloudFormationClient,
  deployment: TemplateDeployment,
): Promise<Record<string, string>> => {
  const { stackName } = deployment;
  const existing = await usableStack(client, stackName);
  const begun = existing ? await update(client, deployment) : await create(client, deployment);
  const stack = await atRest(client, stackName);
  if (begun && stack.StackStatus !== 'CREATE_COMPLETE' && stack.StackStatus !== 'UPDATE_COMPLETE')
    throw new Error(
      `Stack ${stackName} ended as ${stack.StackStatus}: ${(await reasons(client, stack)).join('; ') || stack.StackStatusReason}`,
    );
  return Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
};

const create = async (client: CloudFormationClient, deployment: TemplateDeployment): Promise<boolean> => {
  await client.send(new CreateStackCommand(requestOf(deployment)));
  return true;
};

/** False when there was nothing to do. */
const update = async (client: CloudFormationClient, deployment: TemplateDeployment): Promise<boolean> => {
  try {
    await client.send(new UpdateStackCommand(requestOf(deployment)));
    return true;
  } catch (error) {
    if (error instanceof Error && error.message === 'No updates are to be performed.') return false;
    throw error;
  }
};

const requestOf = ({ stackName, templateBody, parameters = {}, capabilities, roleArn }: TemplateDeployment) => ({
  StackName: stackName,
  ...template(templateBody),
  Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
  ...(capabilities ? { Capabilities: [...capabilities] } : {}),
  ...(roleArn ? { RoleARN: roleArn } : {}),
});

/** A body beyond AWS's limit goes as a data URL, which only the embedded CloudFormation takes. */
const template = (body: string) =>
  Buffer.byteLength(body) <= 51_200
    ? { TemplateBody: body }
    : { TemplateURL: `data:text/plain;base64,${Buffer.from(body).toString('base64')}` };

const findStack = async (client: CloudFormationClient, stackName: string): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks[0];
  } catch (error) {
    if (error instanceof Error && error.message.endsWith('does not exist')) return undefined;
    throw error;
  }
};

/** A stack that never was complete cannot be updated: it holds nothing. */
const usableStack = async (client: CloudFormationClient, stackName: string): Promise<Stack | undefined> => {
  const found = await findStack(client, stackName);
  const stack = found && (await atRest(client, stackName));
  if (stack?.StackStatus !== 'ROLLBACK_COMPLETE') return stack;
  await client.send(new DeleteStackCommand({ StackName: stackName }));
  while (await findStack(client, stackName)) await pause();
  return undefined;
};

const LOOK_EVERY_MILLIS = 20;

const atRest = async (client: CloudFormationClient, stackName: string): Promise<Stack> => {
  for (;;) {
    const stack = await findStack(client, stackName);
    if (!stack) throw new Error(`Stack ${stackName} was deleted while it was deployed`);
    if (!stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
    await pause();
  }
};

const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MILLIS));

/** Why resources failed in the newest operation, the first failure first. */
const reasons = async (client: CloudFormationClient, { StackId, StackName }: Stack): Promise<string[]> => {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: StackId ?? StackName }));
  const start = StackEvents.findIndex(
    ({ PhysicalResourceId, ResourceStatus }) =>
      PhysicalResourceId === StackId &&
      (ResourceStatus === 'CREATE_IN_PROGRESS' || ResourceStatus === 'UPDATE_IN_PROGRESS'),
  );
  return StackEvents.slice(0, start < 0 ? undefined : start)
    .filter(
      ({ ResourceStatus, PhysicalResourceId }) => ResourceStatus?.endsWith('_FAILED') && PhysicalResourceId !== StackId,
    )
    .reverse()
    .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`);
};
