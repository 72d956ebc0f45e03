import { rejectionOf } from '../domain/deployment/report.ts';
import type { Draft } from '../domain/draft.ts';
import type { Annotation } from '../domain/report.ts';
import type { Request, RequestTarget } from '../domain/request.ts';
import type { Ports } from '../ports.ts';
import { imagesMissing } from './pin-images.ts';

export type RejectPorts = Pick<Ports, 'reporter' | 'events' | 'clock' | 'log' | 'documents'>;

export interface Rejection {
  readonly request: Request;
  readonly target: RequestTarget;
  /** Key of what was built before the refusal: a request by hand may name no commit itself. */
  readonly draft?: string;
  /** As the state machine catches it, or as the operation that refuses words it. */
  readonly failure: { readonly Error: string; readonly Cause: string };
  readonly annotations?: readonly Annotation[];
}

export interface Rejected {
  readonly outcome: 'REJECTED';
  readonly reason: string;
}

/** As many as GitHub shows; an event has 400 KB for all of them. */
const MOST_ANNOTATIONS = 50;

/** A request that never becomes a deployment: recorded, and said on the commit. */
export const rejectRequest = async (ports: RejectPorts, rejection: Rejection): Promise<Rejected> => {
  const { request, target, failure, annotations = [] } = rejection;
  const draft = rejection.draft ? await ports.documents.find<Draft>(rejection.draft) : undefined;
  const message = failure.Error === 'States.Timeout' && draft ? imagesMissing(draft.built.images) : failure.Cause;
  const reason = {
    code: failure.Error,
    message,
    left: 'Nothing was changed, what runs goes on',
    remedy: 'Correct it and push again',
  };
  const at = ports.clock.now().toISOString();
  const commit = request.commit ?? (request.repository && draft?.version);
  const detail = {
    environment: target.environment,
    commit: commit ?? '',
    ref: request.ref ?? '',
    reason,
    annotations: annotations.slice(0, MOST_ANNOTATIONS),
  };
  await ports.events.append({ subject: `request/${request.id}`, at, type: 'Rejected', actor: request.actor, detail });
  if (request.repository && commit) {
    const { id, repository } = request;
    const report = rejectionOf({ id, environment: target.environment, commit, reason, annotations });
    await ports.reporter.check(repository, report).catch((error: unknown) => {
      ports.log.error('ReportFailed', { requestId: id, error: String(error) });
      ports.log.count('ReportFailures');
    });
  }
  return { outcome: 'REJECTED', reason: message };
};
