import {
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import type { ChangeSetRequest, Clock, PreparedChangeSet } from '../../ports.ts';
import { canonicalChange } from './change-set.ts';
import { lookUntil } from './look-until.ts';
import { isNamed } from './named.ts';

/** Makes a change set, or finds the one that an earlier call of the same step made, and reads it when it is ready. */
export const prepareChangeSet = async (
  client: CloudFormationClient,
  clock: Clock,
  request: ChangeSetRequest,
  role: { readonly RoleARN?: string },
): Promise<PreparedChangeSet> => {
  await createChangeSet(client, request, role);
  const ready = await lookUntil(clock, `The change set ${request.name} of ${request.stackName}`, async () => {
    const page = await client.send(
      new DescribeChangeSetCommand({ StackName: request.stackName, ChangeSetName: request.name }),
    );
    return page.Status === 'CREATE_COMPLETE' || page.Status === 'FAILED' ? page : undefined;
  });
  return preparedFrom(client, ready);
};

/** Executes a change set; whether it was obsolete or had been executed before is told by the change set itself. */
export const executeChangeSet = async (
  client: CloudFormationClient,
  changeSetId: string,
  token: string,
): Promise<'executed' | 'obsolete'> => {
  try {
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: changeSetId, ClientRequestToken: token }));
    return 'executed';
  } catch (error) {
    // The stack moved, and took the change set along or stands where nothing may be executed.
    if (isNamed(error, ...GONE) || (isNamed(error, 'ValidationError') && /can ?not be updated/i.test(String(error))))
      return 'obsolete';
    if (!isNamed(error, 'InvalidChangeSetStatus', 'InvalidChangeSetStatusException')) throw error;
    return wasExecuted(client, changeSetId);
  }
};

const GONE = ['ChangeSetNotFound', 'ChangeSetNotFoundException'];

/** Events of an execution may lag behind it, so that a repeated call cannot see by them that it was the first to execute. */
const wasExecuted = async (client: CloudFormationClient, changeSetId: string): Promise<'executed' | 'obsolete'> => {
  const { ExecutionStatus = '' } = await client.send(new DescribeChangeSetCommand({ ChangeSetName: changeSetId }));
  return ExecutionStatus.startsWith('EXECUTE_') ? 'executed' : 'obsolete';
};

const createChangeSet = async (
  client: CloudFormationClient,
  request: ChangeSetRequest,
  role: { readonly RoleARN?: string },
) => {
  try {
    // No Tags: the stack keeps those it has, and a tag of ours would change every resource.
    await client.send(
      new CreateChangeSetCommand({
        StackName: request.stackName,
        ChangeSetName: request.name,
        ChangeSetType: 'UPDATE',
        TemplateURL: request.templateUrl,
        Parameters: Object.entries(request.parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        ClientToken: request.token,
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        ...role,
      }),
    );
  } catch (error) {
    // The same step, called again after a crash, finds the change set it made.
    if (!isNamed(error, 'AlreadyExistsException')) throw error;
  }
};

const preparedFrom = async (
  client: CloudFormationClient,
  first: DescribeChangeSetOutput,
): Promise<PreparedChangeSet> => {
  const id = first.ChangeSetId ?? '';
  const reason = first.StatusReason ?? '';
  if (first.Status === 'FAILED')
    return /didn't contain changes|No updates are to be performed/i.test(reason)
      ? { id, empty: true, changes: [] }
      : { id, empty: false, changes: [], failure: reason };
  const changes: Change[] = [...(first.Changes ?? [])];
  for (let token = first.NextToken; token; ) {
    const page = await client.send(new DescribeChangeSetCommand({ ChangeSetName: id, NextToken: token }));
    changes.push(...(page.Changes ?? []));
    token = page.NextToken;
  }
  const canonical = changes.flatMap(({ ResourceChange }) => (ResourceChange ? [canonicalChange(ResourceChange)] : []));
  // Complete without a change of a resource: outputs change, and are to be executed like anything else.
  return { id, empty: false, changes: canonical.sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1)) };
};
