/** What a commit on GitHub is shown. */
export interface CheckReport {
  readonly name: string;
  readonly commit: string;
  readonly externalId: string;
  readonly status: 'queued' | 'in_progress' | 'success' | 'failure' | 'cancelled' | 'neutral' | 'action_required';
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly column?: number;
  readonly message: string;
}

export type DeploymentState = 'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';
