import type { Deployment } from '../domain/deployment/deployment.ts';
import { deploymentIdFrom } from '../domain/deployment/deployment-id.ts';
import { bringsMustRun, mustRunMigrations } from '../domain/migrations/must-run.ts';
import type { Release } from '../domain/release.ts';
import { entryOf } from '../domain/stack/entry.ts';
import { namesDeployment, type Stack } from '../domain/stack/stack.ts';
import { targetKey } from '../domain/target-head.ts';
import type { Ports, Written } from '../ports.ts';
import { countEnd } from './count-end.ts';
import { type ReportPorts, report } from './report.ts';
import { releaseKey } from './step-context.ts';

export type EnqueuePorts = ReportPorts &
  Pick<Ports, 'stacks' | 'deployments' | 'configuration' | 'targets' | 'documents' | 'hash'>;

/** Each round means that somebody else moved the stack meanwhile. */
const MOST_ROUNDS = 100;

/**
 * Appends an accepted deployment to the queue of its stack, once: stack, then record are read, and the entry is written
 * on the revision that was read, only if the record is QUEUED and the stack names it nowhere. Anyone may repeat it.
 *
 * The head of its target is read in between: a newer push moves the head before it joins the queue, so that one that is
 * late by now either sees the head, or is refused by the revision. It is SUPERSEDED rather than run after its successor.
 */
export const enqueue = async (
  ports: EnqueuePorts,
  { id, stackName, release: hash }: Deployment,
  known?: Release,
): Promise<Written<Stack>> => {
  const release = known ?? (await ports.documents.find<Release>(releaseKey(hash)));
  const marked = release ? mustRunMigrations(release) : [];
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const stack = await ports.stacks.find(stackName);
    const deployment = await ports.deployments.find(id);
    if (!deployment) throw new Error(`Deployment ${id} has no record to enqueue`);
    if (stack && (deployment.status !== 'QUEUED' || namesDeployment(stack, id)))
      return { kind: 'repeated', record: stack };
    const successor = await successorOf(ports, deployment);
    if (successor) return overtaken(ports, deployment, successor, stack);
    const written = await append(ports, deployment, stack, marked);
    if (written.kind !== 'refused' || written.code !== 'MovedOn') return written;
  }
  throw new Error(`Stack ${stackName} kept moving while ${id} was to join its queue`);
};

/** The deployment to which a later push has moved the target; undefined while this one is its head, or has no target. */
const successorOf = async (
  { targets, hash }: EnqueuePorts,
  { id, source, environment, application }: Deployment,
): Promise<string | undefined> => {
  if (source.kind !== 'push') return undefined;
  const target = { repositoryId: source.repository.id, ref: source.ref, environment, application };
  const head = await targets.find(targetKey(target));
  const successor = head && deploymentIdFrom(hash, { ...target, ...head });
  return successor === id ? undefined : successor;
};

const overtaken = async (
  ports: EnqueuePorts,
  { id }: Deployment,
  by: string,
  stack: Stack | undefined,
): Promise<Written<Stack>> => {
  const written = await ports.deployments.apply(id, { type: 'Superseded', by });
  // Somebody else has enqueued it before its target moved on, and it has been claimed: it runs, in its turn.
  if (written.kind === 'refused' && stack) return { kind: 'repeated', record: stack };
  countEnd(ports, written);
  if (written.kind === 'moved') await report(ports, written.record);
  const reason = `Deployment ${by} of a newer commit was accepted before this one had joined the queue`;
  return { kind: 'refused', code: 'Overtaken', reason, record: stack };
};

const append = async (
  ports: EnqueuePorts,
  deployment: Deployment,
  stack: Stack | undefined,
  marked: readonly string[],
) => {
  const { environment, application, stackName } = deployment;
  const configured = await ports.configuration.findEnvironment(environment);
  return ports.stacks.apply(
    stackName,
    {
      type: 'Triggered',
      entry: entryOf(deployment, await mustRun(ports, marked, stack)),
      fixForward: configured?.fixForward ?? false,
      supersede: configured?.supersede ?? false,
      revision: stack?.revision ?? 0,
    },
    { environment, application },
  );
};

/** Whether a marked migration comes with this release, compared with the one that waits, runs or ran before it. */
const mustRun = async (
  { deployments, documents }: EnqueuePorts,
  marked: readonly string[],
  stack: Stack | undefined,
): Promise<boolean> => {
  if (marked.length === 0) return false;
  const ahead = stack?.queue.at(-1) ?? stack?.current;
  const before = ahead ? (await deployments.find(ahead.deploymentId))?.release : stack?.release;
  return bringsMustRun(marked, before ? await documents.find<Release>(releaseKey(before)) : undefined);
};
