import {
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  ExecuteChangeSetCommand,
  type OperationEvent,
  paginateDescribeEvents,
} from '@aws-sdk/client-cloudformation';
import type { ChangeSetRequest, Clock, ImportedResource, PreparedChangeSet } from '../../ports.ts';
import { canonicalChange } from './change-set.ts';
import { lookUntil } from './look-until.ts';
import { isNamed } from './named.ts';
import type { UsualTime } from './usual-time.ts';

export interface ChangeSetCalls {
  readonly client: CloudFormationClient;
  readonly clock: Clock;
  readonly role: { readonly RoleARN?: string };
  /** How long change sets take here. */
  readonly usual: UsualTime;
}

/** Makes a change set, or finds the one that an earlier call of the same step made, and reads it when it is ready. */
export const prepareChangeSet = async (
  { client, clock, role, usual }: ChangeSetCalls,
  request: ChangeSetRequest,
): Promise<PreparedChangeSet> => {
  const refusal = await createChangeSet(client, request, role);
  if (refusal !== undefined) return { id: '', empty: false, changes: [], failure: refusal };
  const since = clock.now().getTime();
  const looking = {
    what: `The change set ${request.name} of ${request.stackName}`,
    notBeforeMillis: usual.tooEarlyMillis(),
  };
  const ready = await lookUntil(clock, looking, async () => {
    const page = await client.send(
      new DescribeChangeSetCommand({ StackName: request.stackName, ChangeSetName: request.name }),
    );
    return page.Status === 'CREATE_COMPLETE' || page.Status === 'FAILED' ? page : undefined;
  });
  usual.note(clock.now().getTime() - since);
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

/** Answers in CloudFormation's words why it refuses the template or its parameters outright. */
const createChangeSet = async (
  client: CloudFormationClient,
  request: ChangeSetRequest,
  role: { readonly RoleARN?: string },
): Promise<string | undefined> => {
  try {
    // No Tags: the stack keeps those it has, and a tag of ours would change every resource.
    await client.send(
      new CreateChangeSetCommand({
        StackName: request.stackName,
        ChangeSetName: request.name,
        ChangeSetType: request.imports ? 'IMPORT' : 'UPDATE',
        ...(request.imports && { ResourcesToImport: request.imports.map(resourceToImport) }),
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
    if (isNamed(error, 'AlreadyExistsException')) return undefined;
    if (error instanceof Error && isNamed(error, 'ValidationError', 'InsufficientCapabilitiesException'))
      if (!NOT_THE_TEMPLATE.test(error.message)) return error.message;
    throw error;
  }
  return undefined;
};

/** A stack that stands elsewhere than it should, a document that was not there to read, a malformed call of ours. */
const NOT_THE_TEMPLATE = /^Stack ?:?\[?[^ ]* (does not exist|is in )|^S3 error|validation errors? detected/i;

const resourceToImport = ({ logicalId, type, identifier }: ImportedResource) => ({
  LogicalResourceId: logicalId,
  ResourceType: type,
  ResourceIdentifier: { ...identifier },
});

const preparedFrom = async (
  client: CloudFormationClient,
  first: DescribeChangeSetOutput,
): Promise<PreparedChangeSet> => {
  const id = first.ChangeSetId ?? '';
  const reason = first.StatusReason ?? '';
  if (first.Status === 'FAILED')
    return /didn't contain changes|No updates are to be performed/i.test(reason)
      ? { id, empty: true, changes: [] }
      : { id, empty: false, changes: [], failure: await failureOf(client, id, reason) };
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

/** Early validation says in its reason only that it found something; what and where stands in its events. */
const failureOf = async (client: CloudFormationClient, changeSetId: string, reason: string): Promise<string> => {
  if (!/EarlyValidation|DescribeEvents/i.test(reason)) return reason;
  const found: string[] = [];
  const errors = { ChangeSetName: changeSetId, Filters: { FailedEvents: true } };
  for await (const { OperationEvents = [] } of paginateDescribeEvents({ client }, errors))
    found.push(...OperationEvents.filter(isRefusal).map(refusalIn));
  return found.length > 0 ? [...new Set(found)].sort().join('; ') : reason;
};

const isRefusal = ({ EventType, ValidationFailureMode }: OperationEvent): boolean =>
  EventType === 'VALIDATION_ERROR' && ValidationFailureMode !== 'WARN';

/** `Queue (AWS::SQS::Queue) at Properties/DelaySeconds: ...`; the path of a property is `/Resources/{logical id}/...`. */
const refusalIn = (event: OperationEvent): string => {
  const { LogicalResourceId, ResourceType, ValidationPath = '', ValidationStatusReason } = event;
  const [, , fromPath, ...property] = ValidationPath.split('/');
  const resource = LogicalResourceId ?? fromPath ?? 'The template';
  const at = property.length > 0 ? ` at ${property.join('/')}` : '';
  return `${resource}${ResourceType ? ` (${ResourceType})` : ''}${at}: ${ValidationStatusReason ?? 'CloudFormation gives no reason'}`;
};
