import { describe, expect, test } from '@jest/globals';
import { chooseSource, type GivenSource } from '../../bin/source.ts';
import type { Repository, Target } from '../../functions/ports.ts';

const target = (ref: string, environment: string, application?: string): Target => ({
  repositoryId: '1',
  ref,
  environment,
  ...(application && { application }),
});
const repository = (name: string, targets: readonly Target[]): Repository => ({
  id: name,
  owner: 'acme',
  name,
  installationId: '1',
  checksEnabled: true,
  targets,
});
const repositories = [
  repository('shop', [
    target('refs/heads/main', 'dev'),
    target('refs/heads/** !refs/heads/wip/**', 'preview', 'apps/a.yaml'),
    target('refs/heads/main', 'eu', 'apps/eu.yaml'),
    target('refs/heads/main', 'eu', 'apps/eu-worker.yaml'),
    target('refs/heads/main', 'shared'),
  ]),
  repository('blog', [target('refs/heads/main', 'shared'), target('refs/tags/v*', 'prod')]),
];
const choose = (environment: string, given: GivenSource = {}) => chooseSource(repositories, environment, given);
const reason = (environment: string, given: GivenSource = {}) => {
  const chosen = choose(environment, given);
  return chosen.kind === 'unclear' ? chosen.reason : JSON.stringify(chosen);
};

describe('What is to be deployed', () => {
  test('may be left out where the configuration leaves no choice', () => {
    expect(choose('dev')).toEqual({
      kind: 'chosen',
      source: { repository: 'acme/shop', ref: 'refs/heads/main' },
    });
  });

  test('is what was said, a branch by its short name too', () => {
    expect(choose('preview', { ref: 'feature/x' })).toEqual({
      kind: 'chosen',
      source: { repository: 'acme/shop', ref: 'refs/heads/feature/x', application: 'apps/a.yaml' },
    });
    const commit = 'a'.repeat(40);
    const given = { repository: 'Acme/Blog', commit, application: 'b.yaml' };
    expect(choose('anywhere', given)).toEqual({
      kind: 'chosen',
      source: { repository: 'acme/blog', commit, application: 'b.yaml' },
    });
    expect(choose('prod', { ref: 'refs/tags/v1' })).toMatchObject({ source: { ref: 'refs/tags/v1' } });
  });

  test('has the file that its targets agree on, and none where they do not', () => {
    expect(choose('preview', { commit: 'a'.repeat(40) })).toMatchObject({ source: { application: 'apps/a.yaml' } });
    expect(choose('eu')).toEqual({ kind: 'chosen', source: { repository: 'acme/shop', ref: 'refs/heads/main' } });
  });

  test('is asked for, with what there is, where several repositories fit or none', () => {
    expect(reason('shared')).toBe(
      'Several repositories deploy to shared: name one with --repository. acme/blog, acme/shop.',
    );
    expect(reason('nowhere')).toMatch(/^No repository deploys to nowhere: .* Configured: acme\/blog, acme\/shop\.$/);
    expect(reason('dev', { repository: 'acme/shp' })).toBe(
      'Repository acme/shp is not configured; did you mean acme/shop? Configured: acme/blog, acme/shop.',
    );
    expect(chooseSource([], 'dev', {})).toMatchObject({ reason: expect.stringMatching(/None is configured yet\.$/) });
  });

  test('is asked for, with the globs, where no single branch deploys there', () => {
    expect(reason('preview')).toBe(
      'Name a branch of acme/shop with --ref, or a commit with --commit. What deploys to preview: refs/heads/** !refs/heads/wip/**.',
    );
    expect(reason('dev', { repository: 'acme/blog' })).toMatch(/None deploys there\.$/);
  });
});
