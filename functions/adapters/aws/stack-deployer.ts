import {
  CancelUpdateStackCommand,
  type CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { isAtRest, isHusk, isRollbackFailed, isUsable, lifecycleOf } from '../../domain/cloudformation-status.ts';
import { StepFailure } from '../../domain/failure.ts';
import { emptyTemplate } from '../../domain/template/empty-template.ts';
import type { Template } from '../../domain/template/template.ts';
import type { CfnStack, Clock, StackDeployer } from '../../ports.ts';
import { executeChangeSet, prepareChangeSet } from './change-set-calls.ts';
import { lookUntil } from './look-until.ts';
import { isNamed } from './named.ts';
import { stackOperation } from './stack-operation.ts';
import { usualTime } from './usual-time.ts';

/** Stacks of one account and region, moved by change sets under the service role that is handed in. */
export const cloudFormationStackDeployer = (
  client: CloudFormationClient,
  clock: Clock,
  roleArn: string | undefined,
): StackDeployer => {
  const role = roleArn ? { RoleARN: roleArn } : {};
  const usual = usualTime();
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
      await lookUntil(clock, { what: `The deletion of ${stackName}` }, async () => {
        const now = await describeStack(client, stack?.StackId ?? stackName);
        if (now?.StackStatus === 'DELETE_FAILED') throw undeletable(stackName, now.StackStatusReason);
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
    prepare: (request) => prepareChangeSet({ client, clock, role, usual }, request),
    discard: async (changeSet, stackName) => {
      // None was made.
      if (!changeSet) return;
      await client.send(
        new DeleteChangeSetCommand({ ChangeSetName: changeSet, ...(stackName && { StackName: stackName }) }),
      );
    },
    execute: (changeSetId, token) => executeChangeSet(client, changeSetId, token),
    cancelUpdate: async (stackName, token) => {
      try {
        await client.send(new CancelUpdateStackCommand({ StackName: stackName, ClientRequestToken: token }));
        return true;
      } catch (error) {
        if (isNamed(error, 'ValidationError')) return false;
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

const undeletable = (stackName: string, reason = 'CloudFormation gives no reason') =>
  new StepFailure({
    code: 'StackUnusable',
    message: `CloudFormation stack ${stackName} cannot be deleted: ${reason}`,
    left: 'What could be deleted is gone, the rest still stands',
    remedy: 'Delete the stack in CloudFormation, then push again',
  });

const describeStack = async (client: CloudFormationClient, name: string): Promise<Stack | undefined> => {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    if (isNamed(error, 'ValidationError') && String(error).includes('does not exist')) return undefined;
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

const pairs = <T extends object>(list: readonly T[], key: keyof T, value: keyof T): Record<string, string> =>
  Object.fromEntries(list.map((item) => [String(item[key]), String(item[value] ?? '')]));
