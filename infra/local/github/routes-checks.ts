import { changed, checkRunJson } from './check-run.ts';
import { GitHubError, invalidRequest, notFound } from './github-error.ts';
import type { CheckRun, Records } from './records.ts';
import { fullName, type Repository } from './repository.ts';
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
