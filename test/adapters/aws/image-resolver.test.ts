import { join } from 'node:path';
import { ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ecrImageResolver } from '../../../functions/adapters/aws/image-resolver.ts';
import { createImages } from '../../../infra/local/images/images.ts';
import { temporaryFolder, testRepository } from '../../local/images/git-repository.ts';
import { testWorld } from '../../local/test-world.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';

const REGISTRY = '111122223333.dkr.ecr.eu-central-1.amazonaws.com';
const SHOP = `${REGISTRY}/team/shop`;
const site = { account: '111122223333', region: 'eu-central-1' };
const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const asked: string[] = [];
const regions: string[] = [];
let sha: string;
let digest: string | undefined;
let resolver: ReturnType<typeof ecrImageResolver>;
let refused: ReturnType<typeof ecrImageResolver>;
beforeAll(async () => {
  const folder = temporaryFolder();
  const repository = testRepository(folder.path);
  const images = createImages(testWorld(), {
    directory: join(folder.path, 'images'),
    sources: [{ name: SHOP, repository: repository.path, repositoryName: 'acme/shop', folder: 'app' }],
  });
  sha = repository.commit({ 'app/Dockerfile': 'FROM scratch\nCMD ["x"]\n' });
  await images.publish('acme/shop', sha);
  digest = images.find(`${SHOP}:${sha}`)?.digest;
  const front = await onWire(images, { nobody: [] });
  cleanups.push(
    () => folder.remove(),
    () => front.close(),
  );
  const clientIn = (key: string) => (region: string) => {
    regions.push(region);
    return new ECRClient(clientOptions(front, key));
  };
  const elsewhere = async (reference: string) => {
    asked.push(reference);
    return 'sha256:elsewhere';
  };
  resolver = ecrImageResolver(clientIn('operator'), site, elsewhere);
  refused = ecrImageResolver(clientIn('nobody'), site, elsewhere);
});

test('an image of ECR is known by its digest', async () => {
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await resolver.digest(`${SHOP}:${sha}`)).toBe(digest);
});

test('a tag and a repository that are not there have none; a missing tag means latest', async () => {
  expect(await resolver.digest(`${SHOP}:none`)).toBeUndefined();
  expect(await resolver.digest(SHOP)).toBeUndefined();
  expect(await resolver.digest(`${REGISTRY}/nowhere:${sha}`)).toBeUndefined();
});

test('a digest in the name is the answer, without a question', async () => {
  const pinned = `sha256:${'a'.repeat(64)}`;
  regions.length = 0;
  expect(await resolver.digest(`${SHOP}@${pinned}`)).toBe(pinned);
  expect(await resolver.digest(`${SHOP}:${sha}@${pinned}`)).toBe(pinned);
  expect(regions).toEqual([]);
});

test('an image is asked for in the region of its own name', async () => {
  regions.length = 0;
  await resolver.digest(`444455556666.dkr.ecr.us-east-1.amazonaws.com/shop:${sha}`);
  await resolver.digest(`${SHOP}:${sha}`);
  expect(regions).toEqual(['us-east-1', 'eu-central-1']);
});

test('images of other registries are asked for elsewhere', async () => {
  for (const reference of ['nginx', 'ghcr.io/acme/shop:1', 'public.ecr.aws/nginx/nginx:1'])
    expect(await resolver.digest(reference)).toBe('sha256:elsewhere');
  expect(asked).toEqual(['nginx', 'ghcr.io/acme/shop:1', 'public.ecr.aws/nginx/nginx:1']);
});

test('only the registry of the account and region itself sends events', () => {
  expect(resolver.sendsEvents(`${SHOP}:${sha}`)).toBe(true);
  expect(resolver.sendsEvents(`444455556666.dkr.ecr.eu-central-1.amazonaws.com/shop:1`)).toBe(false);
  expect(resolver.sendsEvents(`111122223333.dkr.ecr.us-east-1.amazonaws.com/shop:1`)).toBe(false);
  expect(resolver.sendsEvents('nginx')).toBe(false);
});

test('a refusal for want of permission is thrown, not taken for a missing image', async () => {
  await expect(refused.digest(`${SHOP}:${sha}`)).rejects.toMatchObject({ name: 'AccessDenied' });
});
