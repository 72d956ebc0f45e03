import type { Input } from '../wire/service.ts';
import type { App } from './apps.ts';
import type { Repository } from './repository.ts';

export interface RestCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The decoded JSON body; each route narrows what it reads. */
  readonly body: Input;
  readonly accept: string;
  /** Address of the API, for the links in answers. */
  readonly api: string;
  readonly path: string;
}

export interface RepositoryCall extends RestCall {
  readonly repository: Repository;
}

export interface AppCall extends RestCall {
  readonly app: App;
}

export interface RestAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly raw?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an installation token must be allowed to do. */
export type Permission = readonly [
  name: 'metadata' | 'contents' | 'checks' | 'deployments' | 'statuses',
  level: 'read' | 'write',
];

interface Place {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `{name}` is one segment, `{+name}` the rest up to what follows. */
  readonly pattern: string;
}

export type Route =
  | (Place & { readonly auth: 'none'; run(call: RestCall): Promise<RestAnswer> })
  | (Place & { readonly auth: 'installation'; run(call: RestCall): Promise<RestAnswer> })
  | (Place & { readonly auth: 'app'; run(call: AppCall): Promise<RestAnswer> })
  | (Place & { readonly auth: 'repository'; needs: Permission; run(call: RepositoryCall): Promise<RestAnswer> });

/** A route below `/repos/{owner}/{repo}`, for installation tokens that may do what it needs. */
export const onRepository = (
  method: Place['method'],
  path: string,
  needs: Permission,
  run: (call: RepositoryCall) => Promise<RestAnswer>,
): Route => ({ method, pattern: `/repos/{owner}/{repo}${path}`, auth: 'repository', needs, run });

/** A route for an App itself. */
export const asApp = (
  method: Place['method'],
  pattern: string,
  run: (call: AppCall) => Promise<RestAnswer>,
): Route => ({
  method,
  pattern,
  auth: 'app',
  run,
});

export const ok = (json: unknown, headers?: Readonly<Record<string, string>>): RestAnswer => ({
  status: 200,
  json,
  ...(headers && { headers }),
});

export const created = (json: unknown): RestAnswer => ({ status: 201, json });

/** The first route that fits a request, with what its pattern names; parts of a path may come with `/` as `%2F`. */
export const findRoute = (routes: readonly Route[], method: string, path: string) => {
  for (const route of routes) {
    if (route.method !== method) continue;
    const match = expressionOf(route.pattern).exec(path);
    if (match)
      return {
        route,
        params: Object.fromEntries(Object.entries(match.groups ?? {}).map(([k, v]) => [k, decodeURIComponent(v)])),
      };
  }
  return;
};

const expressions = new Map<string, RegExp>();

const expressionOf = (pattern: string): RegExp => {
  const known = expressions.get(pattern);
  if (known) return known;
  const source = pattern.replace(/\{(\+?)(\w+)\}/g, (_, rest, name) => `(?<${name}>${rest ? '.*' : '[^/]+'})`);
  const made = new RegExp(`^${source}$`);
  expressions.set(pattern, made);
  return made;
};

/** One page of a list as `page` and `per_page` (30, at most 100) ask for it, with GitHub's Link header. */
export const paged = <T>(
  all: readonly T[],
  { query, api, path }: RestCall,
): { items: readonly T[]; headers: Record<string, string> } => {
  const size = Math.min(Math.max(Number(query.get('per_page') ?? 30) || 30, 1), 100);
  const page = Math.max(Number(query.get('page') ?? 1) || 1, 1);
  const last = Math.max(Math.ceil(all.length / size), 1);
  const link = (number: number, rel: string) => {
    const search = new URLSearchParams(query);
    search.set('page', String(number));
    return `<${api}${path}?${search}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ];
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
};
