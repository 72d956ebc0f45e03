import {
  type Capability,
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Parameter,
  type StackEvent,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { type Clock, leapingClock } from '../../../infra/local/clock.ts';
import {
  type CloudFormation,
  type CloudFormationOptions,
  createCloudFormation,
} from '../../../infra/local/cloudformation/cloudformation.ts';
import type { CloudEvent, Part, Properties, ResourceProvider, World } from '../../../infra/local/part.ts';
import { openStore, type Store } from '../../../infra/local/store.ts';
import { type Front, startFront } from '../../../infra/local/wire/front.ts';
import type { Authorize, Caller } from '../../../infra/local/wire/service.ts';

export interface ProviderCall {
  readonly verb: 'create' | 'update' | 'delete';
  readonly type: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly properties: Properties;
  readonly previous?: Properties;
  readonly seed: string;
}

/** What a fake provider does instead of succeeding, keyed by `verb logicalId`; it is consumed by use unless it is told to stay. */
export interface Script {
  readonly fail?: string;
  /** With `fail`: what the create left behind. */
  readonly left?: string;
  /** Resolves when the operation may go on; an abort of the signal ends the wait with an error. */
  readonly until?: Promise<void>;
  /** Goes on waiting when the signal aborts. */
  readonly deaf?: boolean;
}

export interface Stage {
  readonly client: CloudFormationClient;
  readonly calls: ProviderCall[];
  readonly events: CloudEvent[];
  readonly logged: string[];
  readonly store: Store;
  readonly scripts: Map<string, Script>;
  readonly part: Part & CloudFormation;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly clock?: Clock;
  readonly store?: Store;
  readonly latency?: (operation: string) => number;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly authorizeAs?: (caller: Caller) => Authorize;
  readonly calls?: ProviderCall[];
  readonly scripts?: Map<string, Script>;
  readonly options?: Partial<CloudFormationOptions>;
}

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

/** CloudFormation alone, on the wire, over providers that remember their calls and fail or wait as scripted. */
export const openStage = async (given: StageOptions = {}): Promise<Stage> => {
  const { clock = leapingClock(), store = openStore(), latency = () => 0, secrets = {} } = given;
  const events: CloudEvent[] = [];
  const logged: string[] = [];
  const calls = given.calls ?? [];
  const scripts = given.scripts ?? new Map<string, Script>();
  const world: World = {
    ...{ clock, store, latency, account: ACCOUNT, region: REGION },
    emit: (event) => events.push(event),
    log: (line) => logged.push(line),
  };
  const provider = fakeProvider(calls, scripts);
  const part = createCloudFormation(world, {
    providers: () => Object.fromEntries(FAKED.map((type) => [type, provider])),
    fetchTemplate: async (url) => {
      throw new Error(`Access Denied for ${url}`);
    },
    readSecret: (secretId, jsonKey) => secrets[jsonKey === undefined ? secretId : `${secretId}#${jsonKey}`],
    ...given.options,
  });
  await part.start?.();
  const front: Front = await startFront({
    services: part.services ?? [],
    callerOf: (accessKeyId) => ({ accessKeyId, arn: `arn:aws:iam::${ACCOUNT}:root` }),
    authorizeAs: given.authorizeAs ?? (() => () => {}),
  });
  const client = new CloudFormationClient({
    endpoint: front.url,
    region: REGION,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  return {
    ...{ client, calls, events, logged, store, scripts, part },
    close: async () => {
      await part.stop?.();
      client.destroy();
      await front.close();
      store.close();
    },
  };
};

/** Types whose replacement rules the real specification knows, made by the fake provider. */
const FAKED = ['AWS::SNS::Topic', 'AWS::SQS::Queue', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition', 'AWS::IAM::Role'];

const fakeProvider = (calls: ProviderCall[], scripts: Map<string, Script>): ResourceProvider => {
  let revision = 0;
  const perform = async (call: ProviderCall, signal: AbortSignal) => {
    calls.push(call);
    const key = `${call.verb} ${call.logicalId}`;
    const script = scripts.get(key);
    scripts.delete(key);
    if (script?.until) await (script.deaf ? script.until : abortable(script.until, signal));
    if (script?.fail !== undefined)
      throw Object.assign(new Error(script.fail), script.left === undefined ? {} : { physicalId: script.left });
    const arn = `arn:fake:${call.physicalId}`;
    // Of the names that the specification allows, one that stays and one that every call changes.
    const attributes = { Arn: arn, TopicArn: arn, TopicName: `r${++revision}` };
    return { physicalId: call.physicalId, attributes };
  };
  return {
    create: ({ signal, ...request }) =>
      perform(
        { verb: 'create', ...picked(request), physicalId: `${request.logicalId}-${request.seed.slice(0, 8)}` },
        signal,
      ),
    update: ({ signal, previous, ...request }) =>
      perform({ verb: 'update', ...picked(request), physicalId: request.physicalId, previous }, signal),
    delete: async ({ signal, ...request }) => {
      await perform({ verb: 'delete', ...picked(request), physicalId: request.physicalId }, signal);
    },
  };
};

const picked = ({ type, logicalId, properties, seed }: Omit<Parameters<ResourceProvider['create']>[0], 'signal'>) => ({
  ...{ type, logicalId, properties, seed },
});

const abortable = (work: Promise<void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('gave up waiting')), { once: true });
    work.then(resolve, reject);
  });

export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export const gate = (): Gate => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
};

export type TemplateText = Readonly<Record<string, unknown>>;

interface Request {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly capabilities?: readonly Capability[];
}

const requestOf = (
  StackName: string,
  template: TemplateText,
  { parameters = {}, token, capabilities = [] }: Request,
) => ({
  StackName,
  TemplateBody: JSON.stringify(template),
  Parameters: parametersOf(parameters),
  Capabilities: [...capabilities],
  ...(token === undefined ? {} : { ClientRequestToken: token }),
});

export const parametersOf = (parameters: Readonly<Record<string, string>>): Parameter[] =>
  Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));

export const createStack = (stage: Stage, name: string, template: TemplateText, request: Request = {}) =>
  stage.client.send(new CreateStackCommand(requestOf(name, template, request)));

export const updateStack = (stage: Stage, name: string, template: TemplateText, request: Request = {}) =>
  stage.client.send(new UpdateStackCommand(requestOf(name, template, request)));

export const describeStack = async (stage: Stage, nameOrId: string) => {
  const { Stacks = [] } = await stage.client.send(new DescribeStacksCommand({ StackName: nameOrId }));
  const [stack] = Stacks;
  if (!stack) throw new Error(`no stack ${nameOrId}`);
  return stack;
};

/** The stack when it has come to rest. */
export const atRest = async (stage: Stage, nameOrId: string) => {
  const isMoving = (status = '') => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
  let stack = await describeStack(stage, nameOrId);
  while (isMoving(stack.StackStatus)) {
    await turn();
    stack = await describeStack(stage, nameOrId);
  }
  return stack;
};

/** Resolves when the provider has been asked for this. */
export const asked = async (stage: Stage, verb: ProviderCall['verb'], logicalId: string) => {
  while (!stage.calls.some((call) => call.verb === verb && call.logicalId === logicalId)) await turn();
};

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** All events, oldest first. */
export const eventsOf = async (stage: Stage, nameOrId: string): Promise<StackEvent[]> => {
  const all: StackEvent[] = [];
  for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
    const page = await stage.client.send(new DescribeStackEventsCommand({ StackName: nameOrId, NextToken }));
    all.push(...(page.StackEvents ?? []));
    NextToken = page.NextToken;
  }
  return all.reverse();
};

/** `status` of the stack's own events, `Logical status` of resources; from the last event of `since` on. */
export const story = async (stage: Stage, name: string, token?: string): Promise<string[]> =>
  (await eventsOf(stage, name))
    .filter(({ ClientRequestToken }) => token === undefined || ClientRequestToken === token)
    .map(({ LogicalResourceId, ResourceStatus }) =>
      LogicalResourceId === name ? `${ResourceStatus}` : `${LogicalResourceId} ${ResourceStatus}`,
    );

export const statusesOnBus = (stage: Stage): string[] =>
  stage.events.map(({ detail }) => (detail as { 'status-details': { status: string } })['status-details'].status);

export const topic = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: properties,
  ...more,
});

/** The provider calls since the last look, as `verb Logical`. */
export const seen = (stage: Stage): string[] =>
  stage.calls.splice(0).map(({ verb, logicalId }) => `${verb} ${logicalId}`);
