import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { leapingClock } from '../../infra/local/clock.ts';
import type { HistoryEvent } from '../../infra/local/sfn/history.ts';
import type { WireCall } from '../../infra/local/wire/front.ts';
import { type LocalSlipway, startSlipway } from '../local/start-slipway.ts';
import { workingClone } from '../local/working-clone.ts';
import type { Figure } from './figure.ts';

const STACK = 'dev-shop';
const PATIENCE_MILLIS = 120_000;

export interface Downtime {
  readonly figures: readonly Figure[];
  /** Calls by `service operation`, most frequent first. */
  readonly calls: readonly (readonly [kind: string, count: number])[];
}

/** One deployment with mode DOWNTIME and one database, counted in the deployment machine; its latencies are zero. */
export const measureDowntime = async (directory: string): Promise<Downtime> => {
  const events = new Map<string, HistoryEvent[]>();
  const calls: WireCall[] = [];
  const began = performance.now();
  const slipway = await startSlipway({
    directory: join(directory, 'downtime'),
    clock: leapingClock(),
    onHistory: (arn, event) => events.set(arn, [...(events.get(arn) ?? []), event]),
    onCall: (call) => calls.push(call),
  });
  const readyMillis = performance.now() - began;
  try {
    const clone = await workingClone(join(directory, 'clone'), slipway.github.gitUrl('acme', 'shop'));
    await ended(slipway, await clone.pushRelease('01-first-release'), 'BEFORE');
    const before = calls.length;
    const deployment = await ended(slipway, await clone.pushRelease('05-large-prices'), 'DOWNTIME');
    const during = calls.slice(before).filter(({ caller }) => isOfMachine(caller.roleArn));
    const history = await closed(events, deployment.executionArn ?? '');
    return {
      figures: [
        { what: 'embedded cloud, Slipway on it, ready for a push', value: readyMillis, unit: 'ms', limit: 3000 },
        {
          what: 'DOWNTIME without latencies: transitions',
          value: countOf(history, /StateEntered$/),
          unit: '',
          limit: 24,
        },
        { what: 'DOWNTIME without latencies: history events', value: history.length, unit: '', limit: 150 },
        {
          what: 'DOWNTIME without latencies: calls of functions by the machine',
          value: countOf(history, /^TaskScheduled$/),
          unit: '',
        },
        { what: 'DOWNTIME without latencies: AWS calls of its functions', value: during.length, unit: '' },
      ],
      calls: counted(during.map(({ service, operation }) => `${service} ${operation}`)),
    };
  } finally {
    await slipway.stop();
  }
};

/** Not the operator, who looks at the records meanwhile, and not what happens before the claim. */
const isOfMachine = (roleArn: string | undefined): boolean =>
  roleArn !== undefined && !/(Webhook|ReceivePush|BuildRelease|ImageWait|AcceptDeployment)Role/.test(roleArn);

const ended = async ({ ports }: LocalSlipway, commit: string, mode: string): Promise<Deployment> => {
  const deadline = Date.now() + PATIENCE_MILLIS;
  while (Date.now() < deadline) {
    const [deployment] = await ports.deployments.listOfStack(STACK, 1);
    if (deployment?.version === commit && isEnded(deployment.status)) return asExpected(deployment, mode);
    await sleep(50);
  }
  throw new Error(`The deployment of ${commit} has not ended after ${PATIENCE_MILLIS / 1000} s`);
};

const asExpected = (deployment: Deployment, mode: string): Deployment => {
  const { status, plan, reason } = deployment;
  if (status === 'DONE' && plan?.mode === mode) return deployment;
  throw new Error(`Expected ${mode} and DONE, got ${plan?.mode} and ${status}: ${reason?.message ?? 'no reason'}`);
};

/** The machine ends a moment after the record. */
const closed = async (events: ReadonlyMap<string, HistoryEvent[]>, arn: string): Promise<readonly HistoryEvent[]> => {
  for (let look = 0; look < 100; look++) {
    const history = events.get(arn) ?? [];
    if (countOf(history, /^ExecutionSucceeded$/) > 0) return history;
    await sleep(50);
  }
  throw new Error(`The execution ${arn} does not end`);
};

const countOf = (history: readonly HistoryEvent[], type: RegExp): number =>
  history.filter((event) => type.test(event.type)).length;

const counted = (kinds: readonly string[]): Downtime['calls'] => {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].sort(([a, more], [b, fewer]) => fewer - more || a.localeCompare(b));
};
