import {
  CancelUpdateStackCommand,
  type Change,
  type CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { isAtRest, isHusk, isRollbackFailed, isUsable, lifecycleOf } from '../../domain/cloudformation-status.ts';
import { StepFailure } from '../../domain/failure.ts';
import { emptyTemplate } from '../../domain/template/empty-template.ts';
import type { Template } from '../../domain/template/template.ts';
import type { CfnStack, ChangeSetRequest, Clock, PreparedChangeSet, StackDeployer } from '../../ports.ts';
import { canonicalChange } from './change-set.ts';
import { stackOperation } from './stack-operation.ts';

/** A change set takes seconds; this is how often, and how long, one task looks at it. */
const LOOK_EVERY_MILLIS = 250;
const LONGEST_LOOK_MILLIS = 45_000;

export const cloudFormationStackDeployer = (
  client: CloudFormationClient,
  clock: Clock,
  roleArn: string | undefined,
): StackDeployer => {
  const role = roleArn ? { RoleARN: roleArn } : {};
  const Capabilities: 'CAPABILITY_NAMED_IAM'[] = ['CAPABILITY_NAMED_IAM'];
  return {
    find: async (stackName) => {
      const stack = await describeStack(client, stackName);
      return stack && cfnStack(stack);
    },
    createEmpty: async (stackName, token) => {
      await client.send(
        new CreateStackCommand({
          StackName: stackName,
          TemplateBody: JSON.stringify(emptyTemplate),
          ClientRequestToken: token,
          ...role,
        }),
      );
    },
    remove: async (stackName, token) => {
      const stack = await describeStack(client, stackName);
      await client.send(new DeleteStackCommand({ StackName: stackName, ClientRequestToken: token, ...role }));
      await looking(clock, async () => {
        const now = await describeStack(client, stack?.StackId ?? stackName);
        return !now || lifecycleOf(now.StackStatus ?? '') === 'missing' ? true : undefined;
      });
    },
    template: async (stackName) => {
      const { TemplateBody = '' } = await client.send(
        new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' }),
      );
      return templateIn(stackName, TemplateBody);
    },
    resources: async (stackName) => {
      const found: Record<string, { type: string; physicalId: string }> = {};
      for await (const page of paginateListStackResources({ client }, { StackName: stackName }))
        for (const { LogicalResourceId, ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
          if (LogicalResourceId && PhysicalResourceId)
            found[LogicalResourceId] = { type: ResourceType ?? '', physicalId: PhysicalResourceId };
      return found;
    },
    prepare: async (request) => {
      await createChangeSet(client, request, { ...role, Capabilities });
      const ready = await looking(clock, async () => {
        const page = await client.send(
          new DescribeChangeSetCommand({ StackName: request.stackName, ChangeSetName: request.name }),
        );
        return page.Status === 'CREATE_COMPLETE' || page.Status === 'FAILED' ? page : undefined;
      });
      return preparedFrom(client, ready);
    },
    discard: async (changeSetId) => {
      await client.send(new DeleteChangeSetCommand({ ChangeSetName: changeSetId }));
    },
    execute: async (changeSetId, token) => {
      try {
        await client.send(new ExecuteChangeSetCommand({ ChangeSetName: changeSetId, ClientRequestToken: token }));
        return 'executed';
      } catch (error) {
        if (named(error, 'InvalidChangeSetStatus') || named(error, 'InvalidChangeSetStatusException'))
          return 'obsolete';
        throw error;
      }
    },
    cancelUpdate: async (stackName, token) => {
      try {
        await client.send(new CancelUpdateStackCommand({ StackName: stackName, ClientRequestToken: token }));
        return true;
      } catch (error) {
        if (named(error, 'ValidationError')) return false;
        throw error;
      }
    },
    continueRollback: async (stackName, token) => {
      await client.send(
        new ContinueUpdateRollbackCommand({ StackName: stackName, ClientRequestToken: token, ...role }),
      );
    },
    operation: (stackName, token) => stackOperation(client, stackName, token),
  };
};

/** Templates of ours are JSON; a stack that somebody else made from YAML has to be adopted first. */
const templateIn = (stackName: string, body: string): Template => {
  if (body.trimStart().startsWith('{')) return JSON.parse(body) as Template;
  throw new StepFailure({
    code: 'ForeignTemplate',
    message: `Stack ${stackName} was made from a YAML template, which was not made by Slipway`,
    left: 'Nothing was changed',
    remedy: 'Deploy this application under another name, or delete the stack first',
  });
};

const describeStack = async (client: CloudFormationClient, name: string): Promise<Stack | undefined> => {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    if (named(error, 'ValidationError') && String(error).includes('does not exist')) return undefined;
    throw error;
  }
};

const cfnStack = (stack: Stack): CfnStack | undefined => {
  const status = stack.StackStatus ?? '';
  if (lifecycleOf(status) === 'missing') return undefined;
  return {
    id: stack.StackId ?? '',
    name: stack.StackName ?? '',
    status,
    ...(stack.StackStatusReason && { statusReason: stack.StackStatusReason }),
    atRest: isAtRest(status),
    husk: isHusk(status),
    rollbackFailed: isRollbackFailed(status),
    usable: isUsable(status),
    parameters: pairs(stack.Parameters ?? [], 'ParameterKey', 'ParameterValue'),
    outputs: pairs(stack.Outputs ?? [], 'OutputKey', 'OutputValue'),
  };
};

const createChangeSet = async (
  client: CloudFormationClient,
  request: ChangeSetRequest,
  more: { RoleARN?: string; Capabilities: 'CAPABILITY_NAMED_IAM'[] },
) => {
  try {
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
        Tags: [],
        ...more,
      }),
    );
  } catch (error) {
    // The same step, called again after a crash, finds the change set it made.
    if (!named(error, 'AlreadyExistsException')) throw error;
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
  return { id, empty: canonical.length === 0, changes: canonical.sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1)) };
};

/** Looks until there is an answer, within a budget; the only waiting that happens inside a task. */
const looking = async <T>(clock: Clock, look: () => Promise<T | undefined>): Promise<T> => {
  const deadline = clock.now().getTime() + LONGEST_LOOK_MILLIS;
  for (let wait = 20; ; wait = Math.min(wait * 2, LOOK_EVERY_MILLIS)) {
    const found = await look();
    if (found !== undefined) return found;
    if (clock.now().getTime() > deadline)
      throw Object.assign(new Error('CloudFormation takes too long'), { name: 'Unavailable' });
    await clock.sleep(wait);
  }
};

const pairs = <T extends object>(list: readonly T[], key: keyof T, value: keyof T): Record<string, string> =>
  Object.fromEntries(list.map((item) => [String(item[key]), String(item[value] ?? '')]));

const named = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
