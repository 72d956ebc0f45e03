import { expect, test } from '@jest/globals';
import type { Request } from '../../functions/domain/request.ts';
import { findApplicationFile } from '../../functions/operations/find-application-file.ts';
import type { SourceReader } from '../../functions/ports.ts';

const repository = { id: '1001', owner: 'acme', name: 'shop', installationId: '7' };
const request: Request = { id: 'd0a1', kind: 'push', repository, commit: 'c0ffee', actor: 'alice' };

const find = async (files: Readonly<Record<string, string>>, application?: string, from: Partial<Request> = {}) => {
  const asked: string[] = [];
  const source = {
    findFile: async (_: unknown, commit: string, path: string) => {
      asked.push(`${commit} ${path}`);
      const content = files[path];
      return content === undefined ? undefined : { path, content };
    },
  } as unknown as SourceReader;
  const target = { environment: 'prod', ...(application && { application }) };
  const file = await findApplicationFile({ source }, { ...request, ...from }, target, 'beef');
  return { file, asked };
};

test.each([
  ['ext/o5/app.yaml', 1],
  ['ext/o5/app.yml', 2],
  ['o5.yaml', 3],
  ['o5.yml', 4],
])('%s is known, as number %i of the places', async (path, place) => {
  const { file, asked } = await find({ [path]: 'name: shop' });
  expect(file).toEqual({ path, text: 'name: shop' });
  expect(asked).toHaveLength(place);
  expect(asked.every((line) => line.startsWith('beef '))).toBe(true);
});

test('the first place that exists wins', async () => {
  expect((await find({ 'o5.yml': 'b', 'ext/o5/app.yml': 'a' })).file?.path).toBe('ext/o5/app.yml');
});

test('a target that names its file gets that one or none', async () => {
  const files = { 'apps/eu.yaml': 'name: eu', 'o5.yaml': 'name: shop' };
  expect((await find(files, 'apps/eu.yaml')).file).toEqual({ path: 'apps/eu.yaml', text: 'name: eu' });
  expect(await find(files, 'apps/none.yaml')).toEqual({ file: undefined, asked: ['beef apps/none.yaml'] });
});

test('a commit without an application file has none', async () => {
  expect((await find({})).file).toBeUndefined();
});

test('a file that came with the request is taken as it is, even an empty one', async () => {
  expect(await find({ 'o5.yaml': 'x' }, undefined, { inline: '' })).toEqual({
    file: { path: 'inline.yaml', text: '' },
    asked: [],
  });
});
