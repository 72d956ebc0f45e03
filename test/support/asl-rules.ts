import { type FunctionRow, manifest, pascal } from '../../functions/manifest.ts';
import type { State } from '../../statemachines/define.ts';
import { transient } from '../../statemachines/retries.ts';
import { calledBy, type NamedState } from './machine-states.ts';

/** Whether a state breaks a rule. */
export type AslRule = (named: NamedState) => boolean;

/** What neither asl-validator nor statelint looks for, by what a machine that breaks the rule has. */
export const aslRules: Readonly<Record<string, AslRule>> = {
  'a state without a comment': ({ state }) => !state.Comment,
  // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
  'a state with a name of more than 80 characters': ({ name }) => name.length > 80,
  'a task of another kind than the two that are known': ({ state }) =>
    isTask(state) && !/^arn:aws:states:::lambda:invoke(\.waitForTaskToken)?$/.test(state.Resource),
  'a task that calls a function without a row': ({ state }) => isTask(state) && !rowOf(state),
  'a callback task that hands its token to nobody': ({ state }) => isTask(state) && waits(state) && !hasToken(state),
  'a token where nobody waits for it': ({ state }) => isTask(state) && !waits(state) && hasToken(state),
  'a task without a timeout': ({ state }) => isTask(state) && !(state.TimeoutSeconds > 0),
  'a task that is given up while its function works': ({ state }) =>
    isTask(state) && state.TimeoutSeconds > 0 && state.TimeoutSeconds <= (rowOf(state)?.timeoutSeconds ?? 0),
  'a heartbeat that no timeout is longer than': ({ state }) =>
    isTask(state) && 'HeartbeatSeconds' in state && Number(state.HeartbeatSeconds) >= state.TimeoutSeconds,
  'a retry of everything, mistakes included': ({ state }) =>
    retriersOf(state).some(({ ErrorEquals }) => ErrorEquals.some((name) => EVERYTHING.has(name))),
  'a call that nobody tries again': ({ state }) => isTask(state) && !retriersOf(state).includes(transient),
  'a failure inside a Parallel or a Map that stops its siblings': ({ state, within }) =>
    isTask(state) && within.some((name) => name !== ENDS_WHOLE) && !catchesAll(state),
};

// What these two stand for: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
const EVERYTHING: ReadonlySet<string> = new Set(['States.ALL', 'States.TaskFailed']);

/** The Map of the request machine: a fault ends the whole request, which is started again and repeats nothing. */
const ENDS_WHOLE = 'Targets';

type Task = Extract<State<string>, { readonly Type: 'Task' }>;

const isTask = (state: State<string>): state is Task => state.Type === 'Task';

const waits = ({ Resource }: Task): boolean => Resource.endsWith('.waitForTaskToken');

const hasToken = ({ Parameters }: Task): boolean =>
  JSON.stringify(Parameters['Payload'] ?? {}).includes('"$$.Task.Token"');

const rowOf = (state: Task): FunctionRow | undefined =>
  manifest.find(({ name, home }) => home === 'control' && pascal(name) === calledBy(state));

const retriersOf = (state: State<string>) => ('Retry' in state ? (state.Retry ?? []) : []);

const catchesAll = ({ Catch = [] }: Task): boolean =>
  Catch.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
