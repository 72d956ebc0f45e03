import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../part.ts';
import { takeTime } from '../take-time.ts';
import type { Input } from '../wire/service.ts';
import type { AppAuth } from './app-auth.ts';
import { GitHubError, notFound } from './github-error.ts';
import { rateLimitOf } from './rate-limit.ts';
import type { Repository } from './repository.ts';
import { findRoute, type RestAnswer, type RestCall, type Route } from './route.ts';

export interface RestOptions {
  readonly world: World;
  readonly auth: AppAuth;
  readonly routes: readonly Route[];
  /** Requests an hour and token. */
  readonly rateLimit: number;
  readonly installationId: number;
  readonly findRepository: (owner: string, name: string) => Repository | undefined;
  /** Throws what a test wants a request to end with. */
  readonly fault: (request: { method: string; path: string }) => void;
}

export type AnswerRest = (incoming: IncomingMessage, outgoing: ServerResponse, api: string) => Promise<void>;

/** GitHub's REST API over HTTP: authentication, limits, routes, errors. */
export const restApi = (options: RestOptions): AnswerRest => {
  const { world, auth, routes, fault, findRepository, rateLimit, installationId } = options;
  const limit = rateLimitOf(rateLimit, installationId);

  const run = async (incoming: IncomingMessage, call: Omit<RestCall, 'params'>, headers: Record<string, string>) => {
    const { method = 'GET' } = incoming;
    await takeTime(world, 'github.call', `${method} ${call.path}`);
    fault({ method, path: call.path });
    const found = findRoute(routes, method, call.path);
    const { authorization } = incoming.headers;
    if (found?.route.auth === 'none') return found.route.run({ ...call, params: found.params });
    if (found?.route.auth === 'app') {
      const app = auth.checkApp(authorization);
      Object.assign(headers, limit.count(`app ${app.id}`));
      return found.route.run({ ...call, params: found.params, app });
    }
    const token = auth.tokenOf(authorization);
    Object.assign(headers, limit.count(token.token));
    if (!found) throw notFound();
    const { route, params } = found;
    if (route.auth === 'installation') return route.run({ ...call, params });
    const repository = findRepository(params['owner'] ?? '', params['repo'] ?? '');
    if (!repository) throw notFound();
    auth.checkPermission(token, `${repository.owner}/${repository.name}`, route.needs);
    return route.run({ ...call, params, repository });
  };

  return async (incoming, outgoing, api) => {
    const url = new URL(incoming.url ?? '/', api);
    const headers: Record<string, string> = {
      // Clients correct their clock by this when their token is refused.
      date: new Date(world.clock.now()).toUTCString(),
      server: 'github.com',
      'x-github-media-type': 'github.v3; format=json',
      'x-github-request-id': randomUUID().slice(0, 23).toUpperCase().replaceAll('-', ':'),
    };
    try {
      const body = await jsonOf(incoming);
      const call = { query: url.searchParams, body, accept: incoming.headers.accept ?? '', api, path: url.pathname };
      write(outgoing, await run(incoming, call, headers), headers);
    } catch (thrown) {
      const error = thrown instanceof GitHubError ? thrown : new GitHubError(500, `Server Error: ${thrown}`);
      const json = {
        message: error.message,
        ...error.fields,
        documentation_url: 'https://docs.github.com/rest',
        status: String(error.status),
      };
      write(outgoing, { status: error.status, json }, { ...headers, ...retryAfter(error) });
    }
  };
};

const write = (
  outgoing: ServerResponse,
  { status, json, raw, headers }: RestAnswer,
  common: Record<string, string>,
) => {
  const type = raw ? 'application/vnd.github.raw+json; charset=utf-8' : 'application/json; charset=utf-8';
  outgoing.writeHead(status, { ...common, 'content-type': type, ...headers });
  outgoing.end(raw ?? JSON.stringify(json));
};

const retryAfter = ({ status }: GitHubError): Record<string, string> => (status === 429 ? { 'retry-after': '1' } : {});

const jsonOf = async (incoming: IncomingMessage): Promise<Input> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  if (chunks.length === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw error instanceof SyntaxError ? new GitHubError(400, 'Problems parsing JSON') : error;
  }
};
