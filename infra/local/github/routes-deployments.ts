import type { Input } from '../wire/service.ts';
import { deploymentJson, statusJson } from './deployment-json.ts';
import { GitHubError, notFound, validationFailed } from './github-error.ts';
import type { Deployment, DeploymentStatus, Records } from './records.ts';
import { fullName, type Repository } from './repository.ts';
import { created, ok, onRepository, paged, type RepositoryCall, type RestAnswer, type Route } from './route.ts';

const READ = ['deployments', 'read'] as const;
const WRITE = ['deployments', 'write'] as const;

/** Deployments and their statuses (https://docs.github.com/en/rest/deployments). */
export const deploymentRoutes = (records: Records): readonly Route[] => {
  const getDeployment = ({ repository, params }: RepositoryCall): Deployment => {
    const deployment = records.deployments.get(params['id'] ?? '');
    if (!deployment || deployment.repository !== fullName(repository)) throw notFound();
    return deployment;
  };
  return [
    onRepository('POST', '/deployments', WRITE, (call) => create(call, records)),
    onRepository('GET', '/deployments', READ, async (call) => {
      const { repository, query } = call;
      const fits = (field: 'sha' | 'ref' | 'task' | 'environment', row: Deployment) =>
        [null, 'none', row[field]].includes(query.get(field));
      const all = records.deployments.list(
        (row) =>
          row.repository === fullName(repository) &&
          (['sha', 'ref', 'task', 'environment'] as const).every((field) => fits(field, row)),
      );
      const { items, headers } = paged(all, call);
      return ok(
        items.map((row) => deploymentJson(row, repository)),
        headers,
      );
    }),
    onRepository('GET', '/deployments/{id}', READ, async (call) =>
      ok(deploymentJson(getDeployment(call), call.repository)),
    ),
    onRepository('POST', '/deployments/{id}/statuses', WRITE, async (call) => {
      const deployment = getDeployment(call);
      const status = statusFrom(call.body, deployment, records);
      records.deployments.put({ ...deployment, statuses: [status, ...deployment.statuses] });
      const isSuccess = status.state === 'success' && call.body.auto_inactive !== false;
      if (isSuccess) deactivateOthers(records, deployment, status.environment);
      return created(statusJson(status, deployment, call.repository));
    }),
    onRepository('GET', '/deployments/{id}/statuses', READ, async (call) => {
      const deployment = getDeployment(call);
      const { items, headers } = paged(deployment.statuses, call);
      return ok(
        items.map((status) => statusJson(status, deployment, call.repository)),
        headers,
      );
    }),
  ];
};

const create = async ({ repository, body }: RepositoryCall, records: Records): Promise<RestAnswer> => {
  if (typeof body.ref !== 'string') throw validationFailed('Deployment', 'ref', 'missing_field');
  const sha = await repository.git.resolve(body.ref);
  if (sha === undefined) throw new GitHubError(422, `No ref found for: ${body.ref}`);
  await checkMerged(repository, body, sha);
  checkContexts(repository, body, sha, records);
  const deployment: Deployment = {
    id: records.nextId(),
    repository: fullName(repository),
    sha,
    ref: body.ref,
    task: body.task ?? 'deploy',
    payload: body.payload ?? {},
    environment: body.environment ?? 'production',
    description: body.description ?? null,
    isTransient: body.transient_environment ?? false,
    isProduction: body.production_environment ?? (body.environment ?? 'production') === 'production',
    createdAt: records.now(),
    statuses: [],
  };
  return created(deploymentJson(records.deployments.put(deployment), repository));
};

/**
 * Unless `auto_merge` is false, a branch that lacks commits of the default branch gets them merged in first, and the
 * deployment is not made. Nothing is merged here: the answer is the one for a merge that conflicts.
 */
const checkMerged = async ({ git, defaultBranch }: Repository, { ref, auto_merge }: Input, sha: string) => {
  if (auto_merge === false) return;
  const branch = git.refs().get(`refs/heads/${ref}`);
  const base = await git.resolve(defaultBranch);
  if (branch === undefined || base === undefined) return;
  const { behind } = await git.countApart(base, sha);
  if (behind > 0) throw new GitHubError(409, `Conflict merging ${defaultBranch} into ${ref}`);
};

/** Without `required_contexts` every status and check of the commit must have succeeded; an empty list asks for none. */
const checkContexts = (
  repository: Repository,
  { ref, required_contexts: required }: Input,
  sha: string,
  records: Records,
) => {
  const states = new Map<string, string>();
  const isOurs = (row: { repository: string }, of: string) => row.repository === fullName(repository) && of === sha;
  for (const run of records.checkRuns.list((row) => isOurs(row, row.headSha)).reverse())
    states.set(run.name, PASSING.has(run.conclusion ?? '') ? 'success' : (run.conclusion ?? 'pending'));
  for (const status of records.statuses.list((row) => isOurs(row, row.sha)).reverse())
    states.set(status.context, status.state);
  const contexts = ((required as string[] | undefined) ?? [...states.keys()]).map((context) => ({
    context,
    state: states.get(context) ?? 'pending',
  }));
  if (contexts.every(({ state }) => state === 'success')) return;
  throw new GitHubError(409, `Conflict: Commit status checks failed for ${ref}.`, {
    errors: [{ contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }],
  });
};

const PASSING = new Set(['success', 'neutral', 'skipped']);
const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];

const statusFrom = (body: Input, deployment: Deployment, records: Records): DeploymentStatus => {
  if (!STATES.includes(body.state)) throw validationFailed('DeploymentStatus', 'state', 'inclusion');
  if ((body.description ?? '').length > 140) throw validationFailed('DeploymentStatus', 'description', 'too_long');
  return {
    id: records.nextId(),
    state: body.state,
    description: body.description ?? '',
    environment: body.environment ?? deployment.environment,
    environmentUrl: body.environment_url ?? '',
    logUrl: body.log_url ?? body.target_url ?? '',
    createdAt: records.now(),
  };
};

/** A success makes earlier successful deployments of the environment inactive, transient and production ones excepted. */
const deactivateOthers = (records: Records, { id, repository }: Deployment, environment: string) => {
  const earlier = records.deployments.list(
    (row) =>
      row.repository === repository &&
      row.environment === environment &&
      row.id < id &&
      !row.isTransient &&
      !row.isProduction &&
      row.statuses[0]?.state === 'success',
  );
  for (const row of earlier)
    records.deployments.put({ ...row, statuses: [statusFrom({ state: 'inactive' }, row, records), ...row.statuses] });
};
