import type { Input } from '../wire/service.ts';
import { GitHubError, invalidRequest, notFound } from './github-error.ts';
import type { CheckRun, Records } from './records.ts';
import { nodeId, type Repository } from './repository.ts';
import { created, ok, onRepository, paged, type RepositoryCall, type RestAnswer, type Route } from './route.ts';

const READ = ['checks', 'read'] as const;
const WRITE = ['checks', 'write'] as const;

/** Check runs (https://docs.github.com/en/rest/checks/runs). */
export const checkRoutes = (records: Records, appId: number): readonly Route[] => {
  const getRun = ({ repository, params }: RepositoryCall): CheckRun => {
    const run = records.checkRuns.get(params['id'] ?? '');
    if (!run || run.repository !== fullName(repository)) throw notFound();
    return run;
  };
  const show = (run: CheckRun, repository: Repository) => checkRunJson(run, repository, appId);

  return [
    onRepository('POST', '/check-runs', WRITE, async ({ repository, body }) => {
      for (const field of ['name', 'head_sha'])
        if (typeof body[field] !== 'string') throw invalidRequest(`"${field}" wasn't supplied.`);
      const sha = /^[0-9a-f]{40}$/.test(body.head_sha) ? await repository.git.resolve(body.head_sha) : undefined;
      if (sha === undefined) throw new GitHubError(422, `No commit found for SHA: ${body.head_sha}`);
      const fresh: CheckRun = {
        id: records.nextId(),
        repository: fullName(repository),
        name: body.name,
        headSha: sha,
        status: 'queued',
        conclusion: null,
        startedAt: records.now(),
        completedAt: null,
        detailsUrl: null,
        externalId: '',
        output: { title: null, summary: null, text: null },
        annotations: [],
      };
      return created(show(records.checkRuns.put(changed(fresh, body, records.now())), repository));
    }),
    onRepository('PATCH', '/check-runs/{id}', WRITE, async (call) => {
      const next = changed(getRun(call), call.body, records.now());
      return ok(show(records.checkRuns.put(next), call.repository));
    }),
    onRepository('GET', '/check-runs/{id}', READ, async (call) => ok(show(getRun(call), call.repository))),
    onRepository('GET', '/check-runs/{id}/annotations', READ, async (call) => {
      const { items, headers } = paged(getRun(call).annotations, call);
      return ok(items, headers);
    }),
    onRepository('GET', '/commits/{+ref}/check-runs', READ, (call) =>
      runsOfCommit(call, records, (run) => show(run, call.repository)),
    ),
  ];
};

export const fullName = ({ owner, name }: Repository): string => `${owner}/${name}`;

const runsOfCommit = async (
  call: RepositoryCall,
  records: Records,
  show: (run: CheckRun) => unknown,
): Promise<RestAnswer> => {
  const { repository, params, query } = call;
  const sha = await repository.git.resolve(params['ref'] ?? '');
  if (sha === undefined) throw new GitHubError(422, `No commit found for SHA: ${params['ref']}`);
  const all = records.checkRuns.list((run) => run.repository === fullName(repository) && run.headSha === sha);
  const isNewest = (run: CheckRun) => all.find(({ name }) => name === run.name) === run;
  const wanted = all
    .filter((run) => query.get('filter') === 'all' || isNewest(run))
    .filter(({ name }) => name === (query.get('check_name') ?? name))
    .filter(({ status }) => status === (query.get('status') ?? status));
  const { items, headers } = paged(wanted, call);
  return ok({ total_count: wanted.length, check_runs: items.map(show) }, headers);
};

const STATUSES = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'];
const CONCLUSIONS = ['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'stale', 'timed_out'];

const changed = (run: CheckRun, body: Input, now: string): CheckRun => {
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

const checkRunJson = (run: CheckRun, { url, htmlUrl }: Repository, appId: number) => ({
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
