import { type AwsEvent, type Hint, hintFrom } from '../domain/aws-event.ts';
import type { Callback } from '../domain/callback.ts';
import { Transient } from '../domain/failure.ts';
import type { Ports } from '../ports.ts';
import { type CompletePorts, completeCallback as complete } from './complete-step.ts';
import { readTruth, type TruthPorts } from './read-truth.ts';

export type LookPorts = TruthPorts & CompletePorts & Pick<Ports, 'configuration' | 'inCluster' | 'log'>;

/**
 * An event of AWS is a hint: whatever waits for what it names is looked at, and ended when the truth says so.
 * @throws Transient when the read lags behind the event, so that the event is delivered again.
 */
export const completeCallback = async (ports: LookPorts, event: AwsEvent): Promise<void> => {
  const hint = hintFrom(event);
  if (!hint) return;
  for (const callback of await hinted(ports, hint)) {
    const done = await look(ports, callback);
    if (!done && hint.ended && callback.token === hint.token && endsWithItsToken(callback))
      throw new Transient(
        'Unavailable',
        `${callback.step} of ${callback.deploymentId}: the read lags behind its event`,
      );
  }
};

/** Looks at the truth behind one callback and ends its step if there is an outcome. */
export const look = async (ports: LookPorts, callback: Callback): Promise<boolean> => {
  const environment = await ports.configuration.findEnvironment(callback.environment);
  const cluster = environment && (await ports.configuration.findCluster(environment.clusterName));
  if (!cluster)
    throw new Error(`Environment ${callback.environment} or its cluster is gone while ${callback.step} waits`);
  const outcome = await readTruth(ports, callback, ports.inCluster(cluster));
  if (outcome) await complete(ports, callback, outcome);
  return outcome !== undefined;
};

/** Every open callback that the hint may concern, once. */
const hinted = async ({ callbacks }: Pick<Ports, 'callbacks'>, hint: Hint): Promise<readonly Callback[]> => {
  const named = hint.token ? await callbacks.find(hint.token) : undefined;
  const stackName = hint.stackName ?? named?.stackName;
  const { serviceName, image } = hint;
  const found = [
    ...(named && named.status !== 'COMPLETED' ? [named] : []),
    ...(stackName ? await callbacks.listOpenBySubject(`stack:${stackName}`) : []),
    ...(serviceName ? (await callbacks.listOpen()).filter((callback) => waitsForTasksOf(callback, serviceName)) : []),
    ...(image ? (await callbacks.listOpenBySubject('image')).filter((callback) => waitsForImage(callback, image)) : []),
  ];
  return [...new Map(found.map((callback) => [callback.token, callback])).values()];
};

/** CloudFormation names a service after its stack. */
const waitsForTasksOf = ({ waitsFor, stackName }: Callback, serviceName: string) =>
  waitsFor.kind === 'stack-operation' && waitsFor.then === 'tasks-stopped' && serviceName.startsWith(`${stackName}-`);

const waitsForImage = ({ waitsFor }: Callback, image: string) =>
  waitsFor.kind === 'image' && waitsFor.images.some((name) => name.endsWith(`/${image}`));

/** Its own token's end is the end of the wait, so an event that says so must find an outcome. */
const endsWithItsToken = ({ waitsFor }: Callback) =>
  waitsFor.kind === 'task' || (waitsFor.kind === 'stack-operation' && !waitsFor.then);
