import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import {
  hasRolledBack,
  hasSucceeded,
  isAtRest,
  isHusk,
  isRollbackFailed,
  isUsable,
} from '../../functions/domain/cloudformation-status.ts';
import type { ResourceChange } from '../../functions/domain/plan/plan.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import type { CfnStack, StackDeployer, StackOperation } from '../../functions/ports.ts';

/** What every change set of this CloudFormation says. */
export const someChange: ResourceChange = {
  logicalId: 'Service',
  type: 'AWS::ECS::Service',
  action: 'Modify',
  replacement: 'False',
  properties: ['TaskDefinition'],
  dynamic: false,
};

interface Operation {
  readonly token: string;
  readonly templateUrl?: string;
  /** Asked to roll back: to do so is to succeed. */
  readonly continues?: true;
  status: string;
}

interface FakeStack {
  readonly name: string;
  templateUrl: string;
  readonly operations: Operation[];
  readonly changeSets: Map<string, string>;
}

export interface FakeStacks {
  readonly port: StackDeployer;
  /** Brings one operation that is under way to its end. */
  underWay(): readonly (() => void)[];
  /** The rollback of an update fails, instead of the end of what is under way. */
  rollbackFails(name: string): void;
  /** Somebody deletes the stack, whatever is under way; only its id leads to it from then on. */
  vanish(name: string): void;
  /** Where the template that the stack stands at came from. */
  templateUrl(name: string): string | undefined;
}

export interface FakeStacksOptions {
  readonly emit: (event: AwsEvent) => void;
  readonly fails?: (templateUrl: string) => boolean;
  /** Called at the moment an operation begins, before anything else may happen. */
  readonly onBegin?: (kind: 'create' | 'update' | 'rollback', token: string) => void;
}

/** CloudFormation in memory: an operation begins once per token, and ends when the test says so, with one event. */
export const fakeStacks = ({ emit, fails = () => false, onBegin = () => {} }: FakeStacksOptions): FakeStacks => {
  const stacks = new Map<string, FakeStack>();
  const gone = new Map<string, FakeStack>();
  const statusOf = ({ operations }: FakeStack) => operations.at(-1)?.status ?? '';
  const get = (name: string): FakeStack => {
    const stack = stacks.get(name);
    if (!stack) throw named('ValidationError', `Stack with id ${name} does not exist`);
    return stack;
  };
  const tell = ({ name }: FakeStack, { status, token }: Operation) =>
    emit({
      source: 'aws.cloudformation',
      'detail-type': 'CloudFormation Stack Status Change',
      detail: {
        'stack-id': stackId(name),
        'status-details': { status },
        'client-request-token': token,
      },
    });
  const begin = (stack: FakeStack, operation: Operation) => {
    stack.operations.push(operation);
    tell(stack, operation);
  };
  const end = (stack: FakeStack) => {
    const operation = stack.operations.at(-1);
    if (!operation) return;
    const { templateUrl } = operation;
    operation.status = endOf(operation.status, templateUrl !== undefined && fails(templateUrl));
    if (operation.status === 'UPDATE_COMPLETE' && templateUrl) stack.templateUrl = templateUrl;
    tell(stack, operation);
  };

  const port: StackDeployer = {
    find: async (name) => {
      const stack = stacks.get(name);
      return stack && cfnStack(name, statusOf(stack));
    },
    createEmpty: async (name, token) => {
      if (stacks.get(name)?.operations.some((one) => one.token === token)) return;
      if (stacks.has(name)) throw named('AlreadyExistsException', `Stack ${name} exists`);
      const stack = { name, templateUrl: 'empty', operations: [], changeSets: new Map() };
      stacks.set(name, stack);
      onBegin('create', token);
      begin(stack, { token, status: 'CREATE_IN_PROGRESS' });
    },
    remove: async (name) => {
      stacks.delete(name);
    },
    template: async () => ({ Resources: {} }) satisfies Template,
    resources: async () => ({}),
    prepare: async ({ stackName, name, templateUrl }) => {
      get(stackName).changeSets.set(name, templateUrl);
      return { id: `${stackName}/${name}`, empty: false, changes: [someChange] };
    },
    discard: async (id, within) => {
      const [stackName = '', name = ''] = (within ? `${within}/${id}` : id).split('/');
      get(stackName).changeSets.delete(name);
    },
    execute: async (id, token) => {
      const [stackName = '', name = ''] = id.split('/');
      const stack = get(stackName);
      if (stack.operations.some((one) => one.token === token)) return 'executed';
      const templateUrl = stack.changeSets.get(name);
      if (templateUrl === undefined) return 'obsolete';
      if (!isUsable(statusOf(stack))) throw named('ValidationError', `Stack ${stackName} is ${statusOf(stack)}`);
      stack.changeSets.clear();
      onBegin('update', token);
      begin(stack, { token, templateUrl, status: 'UPDATE_IN_PROGRESS' });
      return 'executed';
    },
    cancelUpdate: async (name, token) => {
      const stack = get(name);
      if (statusOf(stack) !== 'UPDATE_IN_PROGRESS') return false;
      onBegin('rollback', token);
      begin(stack, { token, status: 'UPDATE_ROLLBACK_IN_PROGRESS' });
      return true;
    },
    continueRollback: async (name, token) =>
      begin(get(name), { token, continues: true, status: 'UPDATE_ROLLBACK_IN_PROGRESS' }),
    operation: async (name, token) => {
      const { operations = [] } = stacks.get(name) ?? gone.get(name) ?? {};
      const place = operations.findIndex((one) => one.token === token);
      const cancelled = operations.slice(place + 1).find(({ status }) => place >= 0 && isAtRest(status));
      return judged(operations[place], gone.has(name), cancelled?.status);
    },
  };
  return {
    port,
    underWay: () => [...stacks.values()].filter((stack) => !isAtRest(statusOf(stack))).map((stack) => () => end(stack)),
    rollbackFails: (name) => {
      const stack = get(name);
      const operation = stack.operations.at(-1);
      if (!operation) return;
      operation.status = 'UPDATE_ROLLBACK_FAILED';
      tell(stack, operation);
    },
    vanish: (name) => {
      const stack = get(name);
      stacks.delete(name);
      gone.set(stackId(name), stack);
      tell(stack, { token: 'Console-DeleteStack-1', status: 'DELETE_COMPLETE' });
    },
    templateUrl: (name) => stacks.get(name)?.templateUrl,
  };
};

const endOf = (status: string, failed: boolean): string => {
  if (status === 'CREATE_IN_PROGRESS') return 'CREATE_COMPLETE';
  return status === 'UPDATE_IN_PROGRESS' && !failed ? 'UPDATE_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE';
};

const stackId = (name: string) => `arn:aws:cloudformation:eu-central-1:000000000000:stack/${name}/1`;

/** `others`: where the operation of somebody who cancelled this one brought the stack to rest. */
const judged = (operation: Operation | undefined, gone: boolean, others: string | undefined): StackOperation => {
  if (!operation) return { kind: 'unknown' };
  const { status } = operation;
  if (!isAtRest(status) && others) return { kind: 'ended', ...endedByOthers(others) };
  if (!isAtRest(status)) return gone ? deleted : { kind: 'running' };
  const succeeded = hasSucceeded(status) || ((operation.continues ?? false) && hasRolledBack(status));
  const failure = { logicalId: 'Service', type: 'AWS::ECS::Service', reason: 'tasks failed to start' };
  return {
    kind: 'ended',
    status,
    succeeded,
    rolledBack: hasRolledBack(status),
    failures: succeeded ? [] : [failure],
  };
};

const endedByOthers = (status: string) => ({
  status,
  succeeded: false,
  rolledBack: hasRolledBack(status),
  failures: [{ logicalId: 'shop', type: 'AWS::CloudFormation::Stack', reason: 'Update cancelled' }],
});

const deleted: StackOperation = {
  kind: 'ended',
  status: 'DELETE_COMPLETE',
  ...{ succeeded: false, rolledBack: false, gone: true },
  failures: [{ logicalId: 'shop', type: 'AWS::CloudFormation::Stack', reason: 'Somebody deleted the stack' }],
};

const cfnStack = (name: string, status: string): CfnStack => ({
  id: name,
  name,
  status,
  atRest: isAtRest(status),
  husk: isHusk(status),
  rollbackFailed: isRollbackFailed(status),
  usable: isUsable(status),
  parameters: {},
  outputs: {},
});

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
