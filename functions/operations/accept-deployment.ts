import { type Deployment, isEnded, type Source } from '../domain/deployment/deployment.ts';
import { deploymentIdFrom, manualDeploymentIdFrom } from '../domain/deployment/deployment-id.ts';
import { acceptedKey } from '../domain/lost-push.ts';
import { strategyFor } from '../domain/plan/strategy.ts';
import { strategyRefusal } from '../domain/plan/strategy-refusal.ts';
import type { Release } from '../domain/release.ts';
import type { Request, RequestTarget } from '../domain/request.ts';
import { targetKey } from '../domain/target-head.ts';
import type { Ports, TargetHead } from '../ports.ts';
import { countEnd } from './count-end.ts';
import { enqueue } from './enqueue.ts';
import { type ReportPorts, report } from './report.ts';
import { releaseKey } from './step-context.ts';

export type AcceptPorts = ReportPorts &
  Pick<Ports, 'stacks' | 'deployments' | 'targets' | 'source' | 'documents' | 'hash' | 'clock' | 'configuration'>;

export interface Accepted {
  readonly outcome: 'ACCEPTED' | 'DUPLICATE' | 'OVERTAKEN' | 'REJECTED';
  readonly reason: string;
  readonly deploymentId: string;
  readonly stackName: string;
}

/**
 * Accepts a release for its stack, once: the head of the target moves first, then the record is created, then its
 * entry joins the queue. Whoever repeats it finds what is done and does the rest.
 */
export const acceptDeployment = async (
  ports: AcceptPorts,
  input: { readonly request: Request; readonly target: RequestTarget; readonly release: string },
): Promise<Accepted> => {
  const release = await ports.documents.find<Release>(releaseKey(input.release));
  if (!release) throw new Error(`Release ${input.release} does not exist`);
  const { stackName } = release;
  const refusal = strategyRefusal(strategyFor(input.request.strategy, release), input.request.confirm, release);
  if (refusal) return { outcome: 'REJECTED', reason: refusal, deploymentId: '', stackName };
  const place = await placeOf(ports, input.request, release);
  if (place.kind === 'overtaken') return { outcome: 'OVERTAKEN', reason: place.reason, deploymentId: '', stackName };
  const created = await ports.deployments.create(recordOf(ports, place.id, input.request, release));
  const deployment = created.record;
  if (!deployment) throw new Error(`Deployment ${place.id} was neither created nor found`);
  if (isEnded(deployment.status)) {
    await noteAccepted(ports, input, place, release);
    return { outcome: 'DUPLICATE', reason: `Deployed before: ${deployment.status}`, deploymentId: place.id, stackName };
  }
  const queued = await enqueue(ports, deployment, release);
  if (queued.kind === 'refused' && queued.code === 'Overtaken')
    return { outcome: 'OVERTAKEN', reason: queued.reason, deploymentId: place.id, stackName };
  if (queued.kind === 'refused') return rejected(ports, deployment, queued);
  await noteAccepted(ports, input, place, release);
  if (created.kind === 'moved') await report(ports, deployment);
  const outcome = created.kind === 'moved' ? 'ACCEPTED' : 'DUPLICATE';
  return { outcome, reason: outcome === 'ACCEPTED' ? 'Queued' : 'Accepted before', deploymentId: place.id, stackName };
};

type Place =
  | { readonly kind: 'placed'; readonly id: string; readonly head?: TargetHead }
  | { readonly kind: 'overtaken'; readonly reason: string };

/** The deployment's id, from where its commit stands in the history of its target. */
const placeOf = async (ports: AcceptPorts, request: Request, release: Release): Promise<Place> => {
  const { repository, ref, commit } = request;
  const { environment, application } = release;
  if (request.kind === 'manual' || !repository || !ref || !commit)
    return { kind: 'placed', id: manualDeploymentIdFrom(ports.hash, { id: request.id, environment, application }) };
  const target = { repositoryId: repository.id, ref, environment, application };
  const key = targetKey(target);
  for (;;) {
    const head = await ports.targets.find(key);
    const idOf = (place: TargetHead) => deploymentIdFrom(ports.hash, { ...target, ...place });
    if (head?.after === commit) return { kind: 'placed', id: idOf(head), head };
    const late = await overtaken(ports, request);
    if (late) return { kind: 'overtaken', reason: late };
    const next = { after: commit, n: (head?.n ?? 0) + 1 };
    const moved = await ports.targets.move(key, head, next);
    if (moved.kind !== 'refused') return { kind: 'placed', id: idOf(next), head: next };
  }
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

/** A late or replayed delivery must not roll an environment back. */
const overtaken = async (
  { source }: Pick<Ports, 'source'>,
  { repository, ref, commit }: Request,
): Promise<string | undefined> => {
  if (!repository || !ref || !commit) return undefined;
  const head = await source.head(repository, ref);
  if (head === commit) return undefined;
  if (!head) return `${ref} has been deleted since`;
  const stands = await source.compare(repository, head, commit);
  return stands === 'ahead' || stands === 'identical' ? undefined : `${ref} has moved on to ${head.slice(0, 12)}`;
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
