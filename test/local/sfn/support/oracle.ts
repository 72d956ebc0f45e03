import { StateMachine } from 'aws-local-stepfunctions';
import { isObject, type Json } from '../../../../infra/local/sfn/data/json.ts';
import { type machine, openCloud, types } from './cloud.ts';

/** What a task does at each of its tries with the same input; the last entry holds for all further ones. */
export type Tries = readonly ({ readonly gives: Json } | { readonly throws: string } | 'echo')[];

export interface Compared {
  readonly status: string;
  readonly error?: string | undefined;
  readonly output?: Json;
  /** Names of the states entered, in order. */
  readonly entered: readonly string[];
  /** How often each task was called. */
  readonly calls: Readonly<Record<string, number>>;
}

type Definition = ReturnType<typeof machine>;

/** A function that plays its script, and counts. */
const player = (scripts: Readonly<Record<string, Tries>>) => {
  const calls: Record<string, number> = {};
  const tried = new Map<string, number>();
  const play = (name: string, input: Json): Json => {
    calls[name] = (calls[name] ?? 0) + 1;
    const key = `${name} ${JSON.stringify(input)}`;
    const tries = scripts[name] ?? ['echo'];
    const index = tried.get(key) ?? 0;
    tried.set(key, index + 1);
    const step = tries[Math.min(index, tries.length - 1)] ?? 'echo';
    if (step === 'echo') return input;
    if ('gives' in step) return step.gives;
    throw Object.assign(new Error(`${step.throws} happened`), { name: step.throws });
  };
  return { calls, play };
};

/** Runs a machine in the embedded cloud. */
export const runOurs = async (
  definition: Definition,
  input: Json,
  scripts: Readonly<Record<string, Tries>>,
): Promise<Compared> => {
  const { calls, play } = player(scripts);
  const names = tasksIn(definition).map(({ functionName }) => functionName);
  const functions = Object.fromEntries(names.map((name) => [name, (payload: never) => play(name, payload)]));
  await using cloud = await openCloud({ functions });
  const arn = await cloud.run(definition, input);
  const { status = '', output, error } = await cloud.end(arn);
  const events = await cloud.history(arn);
  const entered = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  if (types(events).length === 0) throw new Error('no history');
  return {
    status,
    entered,
    calls,
    ...(output === undefined ? { error } : { output: withoutCauses(JSON.parse(output)) }),
  };
};

/** Runs the same machine in aws-local-stepfunctions, without waiting; our own engine has already checked the definition. */
export const runOracle = async (
  definition: Definition,
  input: Json,
  scripts: Readonly<Record<string, Tries>>,
): Promise<Compared> => {
  const { calls, play } = player(scripts);
  const tasks = tasksIn(definition);
  const entered: string[] = [];
  const run = new StateMachine(JSON.parse(JSON.stringify(definition)), { validationOptions: { noValidate: true } }).run(
    input as never,
    {
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(
          tasks.map(({ state, functionName, isIntegration }) => [
            state,
            (given: unknown) => {
              const payload = isIntegration ? (isObject(given) ? (given['Payload'] ?? {}) : {}) : (given as Json);
              const value = play(functionName, payload);
              return (isIntegration ? { ExecutedVersion: '$LATEST', Payload: value, StatusCode: 200 } : value) as never;
            },
          ]),
        ),
        waitTimeOverrides: Object.fromEntries(namesOf(definition, 'Wait').map((name) => [name, 0])),
        retryIntervalOverrides: Object.fromEntries(
          ['Task', 'Parallel', 'Map'].flatMap((type) => namesOf(definition, type)).map((name) => [name, 0]),
        ),
      },
      context: contextFor(input),
    },
  );
  const outcome = run.result.then(
    (output) => ({ status: 'SUCCEEDED', output: withoutCauses(output as Json) }),
    () => ({ status: 'FAILED' }),
  );
  let error: string | undefined;
  for await (const event of run.eventLogs) {
    if (event.type === 'StateEntered') entered.push(event.state.name);
    if (event.type === 'ExecutionFailed') error = event.Error;
  }
  const ended = await outcome;
  return { ...ended, entered, calls, ...('output' in ended ? {} : { error }) };
};

const contextFor = (input: Json) => ({
  Execution: { Input: input as never, Name: 'run', StartTime: '2026-01-01T00:00:00.000Z' },
  StateMachine: { Name: 'machine-0' },
});

interface Task {
  readonly state: string;
  readonly functionName: string;
  readonly isIntegration: boolean;
}

const tasksIn = (definition: Definition): Task[] =>
  statesIn(definition).flatMap(([state, body]) => {
    if (body['Type'] !== 'Task') return [];
    const parameters = body['Parameters'];
    const isIntegration = String(body['Resource']).startsWith('arn:aws:states');
    const functionName =
      isIntegration && isObject(parameters)
        ? String(parameters['FunctionName'])
        : (String(body['Resource']).split(':').at(-1) ?? '');
    return [{ state, functionName, isIntegration }];
  });

const namesOf = (definition: Definition, type: string): string[] =>
  statesIn(definition).flatMap(([name, body]) => (body['Type'] === type ? [name] : []));

const statesIn = (definition: Definition): [string, Record<string, unknown>][] =>
  Object.entries(definition.States).flatMap(([name, value]) => {
    const body = value as Record<string, unknown>;
    const inner = [...((body['Branches'] as Definition[]) ?? []), body['ItemProcessor'] as Definition].filter(Boolean);
    return [[name, body] as [string, Record<string, unknown>], ...inner.flatMap(statesIn)];
  });

/** Causes are prose, and each engine has its own: names are what Retry, Catch and readers go by. */
const withoutCauses = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withoutCauses);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === 'Cause' ? [] : [[key, withoutCauses(inner)]])),
  );
};
