import { type AwsEvent, type Hint, hintFrom } from '../domain/aws-event.ts';
import type { Awaited, Callback, Outcome } from '../domain/callback.ts';
import { type Probe, probeFrom, probeSubject } from '../domain/doctor-probe.ts';
import { Transient } from '../domain/failure.ts';
import type { Ports } from '../ports.ts';
import { type CompletePorts, completeCallback as complete } from './complete-step.ts';
import { readTruth, type TruthPorts } from './read-truth.ts';

export type LookPorts = TruthPorts & CompletePorts & Pick<Ports, 'configuration' | 'inCluster' | 'log'>;

/**
 * An event of AWS is a hint: whatever waits for what it names is looked at, and ended when the truth says so.
 * @throws Transient when the read lags behind the event, so that the event is delivered again.
 */
export const completeCallback = async (ports: LookPorts & Pick<Ports, 'events'>, event: AwsEvent): Promise<void> => {
  const probe = probeFrom(event);
  if (probe) return recordArrival(ports, probe);
  const hint = hintFrom(event);
  if (!hint) return;
  for (const callback of await hinted(ports, hint)) {
    const done = await look(ports, callback, hint.stackId);
    if (done === 'waits' && hint.ended && callback.token === hint.token && endsWithItsToken(callback))
      throw new Transient(
        'Unavailable',
        `${callback.step} of ${callback.deploymentId}: the read lags behind its event`,
      );
  }
};

/** `slipway doctor` waits for it. */
const recordArrival = ({ events, clock }: Pick<Ports, 'events' | 'clock'>, { nonce, cluster }: Probe): Promise<void> =>
  events.append({
    subject: probeSubject(nonce),
    at: clock.now().toISOString(),
    type: 'ProbeArrived',
    actor: 'slipway doctor',
    detail: { cluster },
  });

/** What looking at a callback came to: it waits on, it was ended, or nobody waited for its end any more. */
export type Looked = 'waits' | 'ended' | 'ended before';

/** Looks at the truth behind one callback and ends its step if there is an outcome; `stackId` as an event told it. */
export const look = async (ports: LookPorts, callback: Callback, stackId?: string): Promise<Looked> => {
  const outcome = callback.outcome ?? (await truthOf(ports, callback, stackId));
  if (!outcome) return 'waits';
  return (await complete(ports, callback, outcome)) ? 'ended' : 'ended before';
};

/** Undefined while it goes on, and where the call that the step waits for may not have been made yet. */
const truthOf = async (ports: LookPorts, callback: Callback, stackId?: string): Promise<Outcome | undefined> => {
  if (callback.status === 'INTENDED' && !provesItsCall(callback)) return undefined;
  const environment = await ports.configuration.findEnvironment(callback.environment);
  const cluster = environment && (await ports.configuration.findCluster(environment.clusterName));
  if (!cluster)
    throw new Error(`Environment ${callback.environment} or its cluster is gone while ${callback.step} waits`);
  return readTruth(ports, callback, ports.inCluster(cluster), stackId);
};

/** Every open callback that the hint may concern, once. */
const hinted = async ({ callbacks }: Pick<Ports, 'callbacks'>, hint: Hint): Promise<readonly Callback[]> => {
  const named = hint.token ? await callbacks.find(hint.token) : undefined;
  const stackName = hint.stackName ?? named?.stackName;
  const { serviceName, image } = hint;
  const ended = hint.stackName ? ENDED_BY_STACK : ENDED_BY_TASK;
  const found = [
    ...(stackName ? await callbacks.listOpenBySubject(`stack:${stackName}`) : []).filter(({ waitsFor }) =>
      ended.has(waitsFor.kind),
    ),
    ...(serviceName ? (await callbacks.listOpen()).filter((callback) => waitsForTasksOf(callback, serviceName)) : []),
    ...(image ? (await callbacks.listOpenBySubject('image')).filter((callback) => waitsForImage(callback, image)) : []),
    // Last, because an index may lag behind the record itself.
    ...(named && !named.told ? [named] : []),
  ];
  return [...new Map(found.map((callback) => [callback.token, callback])).values()];
};

/** What an event can end beside the wait for its own token. */
const ENDED_BY_STACK: ReadonlySet<Awaited['kind']> = new Set(['stack-operation', 'stack-rest', 'rest']);
const ENDED_BY_TASK: ReadonlySet<Awaited['kind']> = new Set(['rest']);

/** CloudFormation names a service after its stack. */
const waitsForTasksOf = ({ waitsFor, stackName }: Callback, serviceName: string) =>
  (waitsFor.kind === 'restart' || (waitsFor.kind === 'stack-operation' && waitsFor.then !== undefined)) &&
  serviceName.startsWith(`${stackName}-`);

const waitsForImage = ({ waitsFor }: Callback, image: string) =>
  waitsFor.kind === 'image' && waitsFor.images.some((name) => name.endsWith(`/${image}`));

/** What carries the token can only be there once the call was made; a stack at rest may not even have been moved yet. */
const provesItsCall = ({ waitsFor }: Callback) => ['task', 'stack-operation', 'restart'].includes(waitsFor.kind);

/** Its own token's end is the end of the wait, so an event that says so must find an outcome. */
const endsWithItsToken = ({ waitsFor }: Callback) =>
  waitsFor.kind === 'task' || (waitsFor.kind === 'stack-operation' && !waitsFor.then);
