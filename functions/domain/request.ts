import type { RepositoryRef } from './deployment/deployment.ts';
import type { Strategy } from './plan/strategy.ts';

/** A push or a manual request, in one shape: what is to be deployed, and for whom. */
export interface Request {
  /** Delivery id or the caller's own key. */
  readonly id: string;
  readonly kind: 'push' | 'manual';
  readonly repository?: RepositoryRef;
  readonly ref?: string;
  readonly before?: string;
  readonly commit?: string;
  /** An application file as text. */
  readonly inline?: string;
  /** A manual request names its environment; a push finds its own. */
  readonly environment?: string;
  /** Path of the application file. */
  readonly application?: string;
  readonly strategy?: Strategy;
  /** An update of the stack that is under way is cancelled instead of waited for. */
  readonly cancelUpdates?: boolean;
  /** Name of the stack whose data the requester agrees to lose. */
  readonly confirm?: string;
  /** Only plan: nothing is queued, nothing is changed. */
  readonly preview?: boolean;
  readonly actor: string;
}

/** One environment that a request deploys to. */
export interface RequestTarget {
  readonly environment: string;
  readonly application?: string;
}
