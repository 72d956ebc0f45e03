import { expect, test } from '@jest/globals';
import { appPermissions } from '../../../functions/domain/git-hub-app.ts';
import { recordsOf } from '../../../infra/local/github/records.ts';
import { findRoute, type Route } from '../../../infra/local/github/route.ts';
import { checkRoutes } from '../../../infra/local/github/routes-checks.ts';
import { contentsRoutes } from '../../../infra/local/github/routes-contents.ts';
import { deploymentRoutes } from '../../../infra/local/github/routes-deployments.ts';
import { gitRoutes, TREE_LIMIT } from '../../../infra/local/github/routes-git.ts';
import { repositoryRoutes } from '../../../infra/local/github/routes-repository.ts';
import { statusRoutes } from '../../../infra/local/github/routes-statuses.ts';
import { testWorld } from '../../local/test-world.ts';
import { sourceFiles, sourceOf } from '../../support/import-graph.ts';

/** Every call that stands in the adapters, such as `GET /repos/{owner}/{repo}/git/trees/{tree_sha}`. */
const calls = [
  ...new Set(
    sourceFiles()
      .filter((file) => file.startsWith('functions/adapters/github/'))
      .flatMap((file) => sourceOf(file).match(/(?<=')(GET|POST|PUT|PATCH|DELETE) \/[^']+(?=')/g) ?? []),
  ),
].sort();

const records = recordsOf(testWorld());
const routes: readonly Route[] = [
  ...checkRoutes(records, 1),
  ...statusRoutes(records),
  ...deploymentRoutes(records),
  ...gitRoutes(TREE_LIMIT),
  ...contentsRoutes,
  ...repositoryRoutes,
];

/** What GitHub's documentation says that a call needs; undefined for those that an App makes under its own name. */
const needOf = (call: string): readonly [string, string] | undefined => {
  const [method = '', path = ''] = call.split(' ');
  if (!path.startsWith('/repos/')) return undefined;
  const route = findRoute(routes, method, path.replaceAll(/[{}]/g, ''))?.route;
  if (route?.auth !== 'repository') throw new Error(`The embedded GitHub does not know ${call}`);
  return route.needs;
};

test('the calls of the adapters are found', () => {
  expect(calls).toContain('POST /repos/{owner}/{repo}/check-runs');
  expect(calls.filter((call) => call.includes('/repos/')).length).toBeGreaterThan(8);
});

test('the App asks for exactly the permissions that the calls of the adapters need, and each App has metadata', () => {
  const needs = new Map([['metadata', 'read']]);
  for (const [name, level] of calls.flatMap((call) => [needOf(call) ?? []]).filter((need) => need.length === 2))
    if (needs.get(name ?? '') !== 'write') needs.set(name ?? '', level ?? '');
  expect(Object.fromEntries(needs)).toEqual(appPermissions);
});
