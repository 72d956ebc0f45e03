import { type Deployment, isEnded, type Source } from '../domain/deployment/deployment.ts';
import { acceptedKey } from '../domain/lost-push.ts';
import { strategyFor } from '../domain/plan/strategy.ts';
import { strategyRefusal } from '../domain/plan/strategy-refusal.ts';
import type { Release } from '../domain/release.ts';
import type { Request, RequestTarget } from '../domain/request.ts';
import type { Ports } from '../ports.ts';
import { countEnd } from './count-end.ts';
import { type DispatchPorts, dispatchStack } from './dispatch-stack.ts';
import { enqueue } from './enqueue.ts';
import { lookAt, type Place, placeOf } from './place-in-target.ts';
import { report } from './report.ts';
import { releaseKey } from './step-context.ts';

export type AcceptPorts = DispatchPorts & Pick<Ports, 'targets' | 'source' | 'hash' | 'clock'>;

export interface AcceptInput {
  readonly request: Request;
  readonly target: RequestTarget;
  /** Hash of the release. */
  readonly release: string;
  /** Name of the release's application. */
  readonly application: string;
}

export interface Accepted {
  readonly outcome: 'ACCEPTED' | 'DUPLICATE' | 'OVERTAKEN' | 'REJECTED';
  readonly reason: string;
  readonly deploymentId: string;
  readonly stackName: string;
}

/**
 * Accepts a release for its stack, once: the head of the target moves first, then the record is created, then its
 * entry joins the queue; at last the stack is dispatched, also for a duplicate, whose first run may have stopped half
 * way. Whoever repeats it finds what is done and does the rest.
 */
export const acceptDeployment = async (ports: AcceptPorts, input: AcceptInput): Promise<Accepted> => {
  const [release, seen] = await Promise.all([
    ports.documents.find<Release>(releaseKey(input.release)),
    lookAt(ports, input.request, { environment: input.target.environment, application: input.application }),
  ]);
  if (!release) throw new Error(`Release ${input.release} does not exist`);
  const { stackName } = release;
  const refusal = strategyRefusal(strategyFor(input.request.strategy, release), input.request.confirm, release);
  if (refusal) return { outcome: 'REJECTED', reason: refusal, deploymentId: '', stackName };
  const place = await placeOf(ports, input.request, release, seen);
  if (place.kind === 'overtaken') return { outcome: 'OVERTAKEN', reason: place.reason, deploymentId: '', stackName };
  const created = await ports.deployments.create(recordOf(ports, place.id, input.request, release));
  const deployment = created.record;
  if (!deployment) throw new Error(`Deployment ${place.id} was neither created nor found`);
  const isOver = isEnded(deployment.status);
  const refused = isOver ? undefined : await notQueued(ports, deployment, release);
  if (refused) return refused;
  const noted = noteAccepted(ports, input, place, release);
  const [dispatched] = await Promise.all([dispatchStack(ports, { stackName }), noted]);
  const isStarted = dispatched.outcome === 'STARTED' && dispatched.deploymentId === place.id;
  // Whoever starts it tells GitHub where it stands by then.
  if (created.kind === 'moved' && !isStarted) await report(ports, deployment);
  const known = isOver ? `Deployed before: ${deployment.status}` : 'Accepted before';
  return created.kind === 'moved'
    ? { outcome: 'ACCEPTED', reason: 'Queued', deploymentId: place.id, stackName }
    : { outcome: 'DUPLICATE', reason: known, deploymentId: place.id, stackName };
};

/** Undefined once its entry stands in the queue. */
const notQueued = async (
  ports: AcceptPorts,
  deployment: Deployment,
  release: Release,
): Promise<Accepted | undefined> => {
  const queued = await enqueue(ports, deployment, release);
  if (queued.kind !== 'refused') return undefined;
  if (queued.code !== 'Overtaken') return rejected(ports, deployment, queued);
  const { id: deploymentId, stackName } = deployment;
  return { outcome: 'OVERTAKEN', reason: queued.reason, deploymentId, stackName };
};

/**
 * The commit is in the queue, or was: whoever looks for lost pushes (operations/reconcile.ts) finds it here, under what
 * the configuration says of the target. Written last, so that it never speaks of a deployment that does not exist.
 */
const noteAccepted = async (
  { targets, clock }: Pick<Ports, 'targets' | 'clock'>,
  { request: { repository, ref }, target }: { readonly request: Request; readonly target: RequestTarget },
  { head }: Extract<Place, { kind: 'placed' }>,
  { application }: Release,
): Promise<void> => {
  if (!head || !repository || !ref) return;
  const key = acceptedKey({ repositoryId: repository.id, ref, ...target });
  await targets.accept(key, { commit: head.after, application, n: head.n, at: clock.now().toISOString() });
};

const recordOf = ({ clock }: Pick<Ports, 'clock'>, id: string, request: Request, release: Release): Deployment => {
  const now = clock.now().toISOString();
  return {
    id,
    stackName: release.stackName,
    environment: release.environment,
    application: release.application,
    release: release.hash,
    version: release.version,
    strategy: strategyFor(request.strategy, release),
    ...(request.cancelUpdates && { cancelUpdates: true }),
    ...(request.kind === 'manual' && request.commit && { pinned: true }),
    source: sourceOf(request, release),
    actor: request.actor,
    status: 'QUEUED',
    steps: {},
    createdAt: now,
    updatedAt: now,
  };
};

/** A request by hand may have named a branch or tag only: its commit is the one that the release was read at. */
const sourceOf = ({ id, kind, repository, ref, before, commit }: Request, { version }: Release): Source =>
  kind === 'push' && repository && ref && commit
    ? { kind, repository, ref, before: before ?? '', after: commit, deliveryId: id }
    : { kind: 'manual', ...(repository && { repository, commit: commit ?? version }), ...(ref && { ref }) };

const rejected = async (
  ports: AcceptPorts,
  deployment: Deployment,
  { code, reason: why }: { readonly code?: string; readonly reason: string },
): Promise<Accepted> => {
  const reason = {
    code: 'QueueRefused',
    message: why,
    left: 'Nothing was changed',
    remedy: code === 'NameTaken' ? 'Rename it, then push again' : 'Push again when the queue is shorter',
  };
  const written = await ports.deployments.apply(deployment.id, { type: 'Rejected', reason });
  countEnd(ports, written);
  if (written.record) await report(ports, written.record);
  return { outcome: 'REJECTED', reason: why, deploymentId: deployment.id, stackName: deployment.stackName };
};
