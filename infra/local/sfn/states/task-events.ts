import type { Json } from '../data/json.ts';
import type { TaskState } from '../definition.ts';
import type { Details } from '../history.ts';
import type { Run } from '../run.ts';

export const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';
export const LAMBDA_CALLBACK = `${LAMBDA_INVOKE}.waitForTaskToken`;

/** The Lambda integration, with its Parameters and its wrapped result; else the resource is a function's own ARN. */
export const isIntegration = ({ Resource }: TaskState): boolean => Resource.startsWith(LAMBDA_INVOKE);

export interface Seconds {
  readonly timeout: number | undefined;
  readonly heartbeat: number | undefined;
}

type Event = [type: string, previous: number, details: Details];

/** Task events name the integration in their details; a plain ARN has events of its own names. */
export const taskEvent = (state: TaskState, how: string, previous: number, details: object = {}): Event => {
  if (!isIntegration(state)) {
    const key = `lambdaFunction${how}EventDetails` as const;
    return [`LambdaFunction${how}`, previous, how === 'Started' ? {} : { [key]: { ...details } }];
  }
  const resource = state.Resource === LAMBDA_CALLBACK ? 'invoke.waitForTaskToken' : 'invoke';
  return [`Task${how}`, previous, { [`task${how}EventDetails`]: { resourceType: 'lambda', resource, ...details } }];
};

export const scheduledEvent = (run: Run, state: TaskState, previous: number, input: Json, seconds: Seconds): Event => {
  const text = JSON.stringify(input);
  return taskEvent(state, 'Scheduled', previous, {
    ...(isIntegration(state)
      ? { region: run.region, parameters: text }
      : { resource: state.Resource, input: text, inputDetails: { truncated: false } }),
    ...(seconds.timeout === undefined ? {} : { timeoutInSeconds: seconds.timeout }),
    ...(seconds.heartbeat === undefined ? {} : { heartbeatInSeconds: seconds.heartbeat }),
  });
};

export const outputDetails = (output: Json) => ({
  output: JSON.stringify(output),
  outputDetails: { truncated: false },
});
