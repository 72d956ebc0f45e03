import { GitHubError, validationFailed } from './github-error.ts';
import type { CommitStatus, Records } from './records.ts';
import { fullName, nodeId, type Repository } from './repository.ts';
import { created, ok, onRepository, paged, type Route } from './route.ts';

const STATES = ['error', 'failure', 'pending', 'success'];

/** Commit statuses (https://docs.github.com/en/rest/commits/statuses). */
export const statusRoutes = (records: Records): readonly Route[] => [
  onRepository('POST', '/statuses/{sha}', ['statuses', 'write'], async ({ repository, params, body }) => {
    const object = await repository.git.object(params['sha'] ?? '');
    if (object?.type !== 'commit') throw new GitHubError(422, `No commit found for SHA: ${params['sha']}`);
    if (!STATES.includes(body.state)) throw validationFailed('Status', 'state', 'custom');
    if ((body.description ?? '').length > 140) throw validationFailed('Status', 'description', 'too_long');
    const status: CommitStatus = {
      id: records.nextId(),
      repository: fullName(repository),
      sha: object.sha,
      state: body.state,
      context: body.context ?? 'default',
      description: body.description ?? null,
      targetUrl: body.target_url ?? null,
      createdAt: records.now(),
    };
    return created(statusJson(records.statuses.put(status), repository));
  }),
  onRepository('GET', '/commits/{+ref}/statuses', ['statuses', 'read'], async (call) => {
    const { repository, params } = call;
    const sha = await repository.git.resolve(params['ref'] ?? '');
    const all = records.statuses.list((status) => status.repository === fullName(repository) && status.sha === sha);
    const { items, headers } = paged(all, call);
    return ok(
      items.map((status) => statusJson(status, repository)),
      headers,
    );
  }),
];

const statusJson = (
  { id, sha, state, context, description, targetUrl, createdAt }: CommitStatus,
  { url }: Repository,
) => ({
  url: `${url}/statuses/${sha}`,
  avatar_url: null,
  id,
  node_id: nodeId('Status', id),
  state,
  description,
  target_url: targetUrl,
  context,
  created_at: createdAt,
  updated_at: createdAt,
  creator: null,
});
