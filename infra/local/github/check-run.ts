import type { Input } from '../wire/service.ts';
import { invalidRequest } from './github-error.ts';
import type { CheckRun } from './records.ts';
import { nodeId, type Repository } from './repository.ts';

const STATUSES = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'];
const CONCLUSIONS = ['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'stale', 'timed_out'];

/**
 * A check run after a request to make or to change it.
 * @throws GitHubError 422 in the words of GitHub's schema check
 */
export const changed = (run: CheckRun, body: Input, now: string): CheckRun => {
  const { status, conclusion } = standingOf(run, body);
  const output = body.output && outputFrom(body.output);
  return {
    ...run,
    status,
    conclusion,
    name: body.name ?? run.name,
    detailsUrl: body.details_url ?? run.detailsUrl,
    externalId: body.external_id ?? run.externalId,
    startedAt: body.started_at ?? run.startedAt,
    completedAt: status === 'completed' ? (body.completed_at ?? run.completedAt ?? now) : null,
    output: { ...run.output, ...output },
    // Annotations of later requests come on top of earlier ones.
    annotations: [...run.annotations, ...(body.output?.annotations ?? [])],
  };
};

/** A conclusion sets the status to completed by itself; completed without a conclusion is refused. */
const standingOf = (run: CheckRun, body: Input): Pick<CheckRun, 'status' | 'conclusion'> => {
  const status: string = body.conclusion ? 'completed' : (body.status ?? run.status);
  oneOf('status', status, STATUSES);
  if (status !== 'completed') return { status, conclusion: null };
  const conclusion: string | null = body.conclusion ?? run.conclusion;
  if (conclusion === null) throw invalidRequest('A conclusion is required when the status is completed.');
  oneOf('conclusion', conclusion, CONCLUSIONS);
  return { status, conclusion };
};

const oneOf = (field: string, value: string, allowed: readonly string[]) => {
  if (!allowed.includes(value))
    throw invalidRequest(`${value} is not a member of [${allowed.map((each) => `"${each}"`).join(', ')}] (${field}).`);
};

const MOST_ANNOTATIONS = 50;
const MOST_CHARACTERS = 65_535;

const outputFrom = ({ title, summary, text, annotations = [] }: Input) => {
  const missing = Object.entries({ title, summary }).flatMap(([field, value]) =>
    typeof value === 'string' ? [] : [`"${field}" wasn't supplied.`],
  );
  if (missing.length > 0) throw invalidRequest(...missing);
  for (const [field, value] of Object.entries({ summary, text }))
    if (String(value ?? '').length > MOST_CHARACTERS)
      throw invalidRequest(`Only ${MOST_CHARACTERS} characters are allowed for ${field}.`);
  if (annotations.length > MOST_ANNOTATIONS)
    throw invalidRequest(
      `No more than ${MOST_ANNOTATIONS} items are allowed; ${annotations.length} were supplied (annotations).`,
    );
  for (const annotation of annotations)
    for (const field of ['path', 'start_line', 'end_line', 'annotation_level', 'message'])
      if (annotation[field] === undefined) throw invalidRequest(`"${field}" wasn't supplied (annotations).`);
  return { title, summary, ...(text !== undefined && { text }) };
};

export const checkRunJson = (run: CheckRun, { url, htmlUrl }: Repository, appId: number) => ({
  id: run.id,
  node_id: nodeId('CheckRun', run.id),
  head_sha: run.headSha,
  external_id: run.externalId,
  url: `${url}/check-runs/${run.id}`,
  html_url: `${htmlUrl}/runs/${run.id}`,
  details_url: run.detailsUrl,
  status: run.status,
  conclusion: run.conclusion,
  started_at: run.startedAt,
  completed_at: run.completedAt,
  output: {
    ...run.output,
    annotations_count: run.annotations.length,
    annotations_url: `${url}/check-runs/${run.id}/annotations`,
  },
  name: run.name,
  check_suite: { id: appId },
  app: { id: appId, slug: 'slipway', name: 'Slipway' },
  pull_requests: [],
});
