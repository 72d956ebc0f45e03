import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  ImageNotFoundException,
  RepositoryNotFoundException,
} from '@aws-sdk/client-ecr';
import { afterEach, expect, test } from '@jest/globals';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { createImages } from '../../../infra/local/images/images.ts';
import { openStore } from '../../../infra/local/store.ts';
import { create, startedFront, testWorld } from '../test-world.ts';
import { temporaryFolder, testRepository } from './git-repository.ts';

const REGISTRY = '111122223333.dkr.ecr.eu-central-1.amazonaws.com';
const SHOP = `${REGISTRY}/shop`;
const DOCKERFILE = 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "/app/server.js"]\n';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const withImages = (world = testWorld()) => {
  const folder = temporaryFolder();
  open.push(folder.remove);
  const repository = testRepository(folder.path);
  const sources = [
    { name: SHOP, repository: repository.path, repositoryName: 'acme/shop', folder: 'server' },
    { name: `${REGISTRY}/shop-jobs`, repository: repository.path, repositoryName: 'acme/shop', folder: 'jobs' },
    { name: 'ghcr.io/acme/*', standIn: true as const },
    { name: `${REGISTRY}/sidecar`, standIn: true as const },
  ];
  const directory = join(folder.path, 'images');
  const images = createImages(world, { directory, sources });
  open.push(() => images.stop?.());
  return { world, repository, sources, directory, folder, images };
};

const ecrOf = async ({ world, images }: ReturnType<typeof withImages>, statement?: object) => {
  const iam = createIam(world);
  const front = await startedFront(iam, [images]);
  open.push(front.close);
  if (!statement) return new ECRClient(front.operator);
  const role = await create(iam, 'AWS::IAM::Role', 'Reader', {
    AssumeRolePolicyDocument: { Statement: [] },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Statement: [statement] } }],
  });
  return new ECRClient(front.as(String(role.attributes['Arn'])));
};

test('publishing a commit makes a tag of each image whose folder has a Dockerfile, and tells the bus', async () => {
  const { images, repository, world } = withImages();
  const sha = repository.commit({ 'server/Dockerfile': DOCKERFILE, 'jobs/readme.md': 'no Dockerfile yet' });
  await images.publish('acme/shop', sha);
  const image = images.find(`${SHOP}:${sha}`);
  expect(image?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(images.find(`${REGISTRY}/shop-jobs:${sha}`)).toBeUndefined();
  expect(world.emitted).toEqual([
    {
      source: 'aws.ecr',
      'detail-type': 'ECR Image Action',
      resources: [],
      detail: {
        'action-type': 'PUSH',
        result: 'SUCCESS',
        'repository-name': 'shop',
        'image-tag': sha,
        'image-digest': image?.digest,
      },
    },
  ]);
});

test('the digest follows the folder: equal for equal content, another one after a change, another one per image', async () => {
  const { images, repository } = withImages();
  const first = repository.commit({ 'server/Dockerfile': DOCKERFILE, 'jobs/Dockerfile': DOCKERFILE });
  const same = repository.commit({
    'server/Dockerfile': DOCKERFILE,
    'readme.md': 'outside',
    'jobs/Dockerfile': DOCKERFILE,
  });
  const changed = repository.commit({ 'server/Dockerfile': DOCKERFILE, 'server/server.js': '1' });
  for (const sha of [first, same, changed]) await images.publish('acme/shop', sha);
  const digestOf = (tag: string, name = SHOP) => images.find(`${name}:${tag}`)?.digest;
  expect(digestOf(same)).toBe(digestOf(first));
  expect(digestOf(changed)).not.toBe(digestOf(first));
  expect(digestOf(first, `${REGISTRY}/shop-jobs`)).not.toBe(digestOf(first));
});

test('an image is found by tag, by digest and by both, and what was published outlives a restart', async () => {
  const given = withImages();
  const sha = given.repository.commit({ 'server/Dockerfile': DOCKERFILE });
  await given.images.publish('acme/shop', sha);
  const again = createImages(given.world, given);
  const digest = again.find(`${SHOP}:${sha}`)?.digest;
  expect(again.find(`${SHOP}@${digest}`)).toMatchObject({ tag: sha, digest });
  expect(again.find(`${SHOP}:gone@${digest}`)).toMatchObject({ tag: sha, digest });
  expect(again.find(`${SHOP}:nope`)).toBeUndefined();
  expect(again.find('docker.io/other:1')).toBeUndefined();
  again.remove(SHOP, sha);
  expect(again.find(`${SHOP}@${digest}`)).toBeUndefined();
});

test('a commit that the repository does not have is refused by name', async () => {
  const { images, repository } = withImages();
  repository.commit({ 'server/Dockerfile': DOCKERFILE });
  await expect(images.publish('acme/shop', 'f'.repeat(40))).rejects.toThrow(
    `no image published: acme/shop has no commit ${'f'.repeat(40)}`,
  );
});

test('a running image is a checkout of its commit, made once, with image paths turned into local ones', async () => {
  const { images, repository } = withImages();
  const sha = repository.commit({ 'server/Dockerfile': DOCKERFILE, 'server/server.js': 'one' });
  repository.commit({ 'server/Dockerfile': DOCKERFILE, 'server/server.js': 'two' });
  await images.publish('acme/shop', sha);
  const image = images.find(`${SHOP}:${sha}`);
  if (!image) throw new Error('not published');
  const [runnable, second] = await Promise.all([images.materialise(image), images.materialise(image)]);
  const folder = runnable.localPath(runnable.workingDirectory);
  expect(readFileSync(join(folder, 'server.js'), 'utf8')).toBe('one');
  expect(runnable.command.map(runnable.localPath)).toEqual(['node', join(folder, 'server.js')]);
  expect(runnable.localPath('/bin/sh')).toBe('/bin/sh');
  expect(second.localPath('/app')).toBe(folder);
  writeFileSync(join(folder, 'mark'), '');
  await images.materialise(image);
  expect(existsSync(join(folder, 'mark'))).toBe(true);
});

test("neither export-ignore nor the user's hooks touch a checkout", async () => {
  const { images, repository, folder } = withImages();
  const hooks = join(folder.path, 'hooks');
  mkdirSync(hooks);
  const hook = `#!/bin/sh\ntouch ${join(folder.path, 'hook-ran')}\n`;
  writeFileSync(join(hooks, 'post-index-change'), hook, { mode: 0o755 });
  const configuration = join(folder.path, 'gitconfig');
  writeFileSync(configuration, `[core]\n\thooksPath = ${hooks}\n`);
  const before = process.env['GIT_CONFIG_GLOBAL'];
  process.env['GIT_CONFIG_GLOBAL'] = configuration;
  try {
    const files = { 'server/Dockerfile': DOCKERFILE, '.gitattributes': 'server/server.js export-ignore\n' };
    const sha = repository.commit({ ...files, 'server/server.js': 'here' });
    await images.publish('acme/shop', sha);
    const image = images.find(`${SHOP}:${sha}`);
    if (!image) throw new Error('not published');
    const runnable = await images.materialise(image);
    expect(existsSync(runnable.localPath('/app/server.js'))).toBe(true);
    expect(runnable.localPath('/app/server.js')).not.toBe('/app/server.js');
    expect(existsSync(join(folder.path, 'hook-ran'))).toBe(false);
  } finally {
    if (before === undefined) delete process.env['GIT_CONFIG_GLOBAL'];
    else process.env['GIT_CONFIG_GLOBAL'] = before;
  }
});

test('a stand-in exists under every tag and digest and says what it is', async () => {
  const { images } = withImages();
  const image = images.find('ghcr.io/acme/sidecar:v1');
  expect(image).toMatchObject({ name: 'ghcr.io/acme/sidecar', tag: 'v1', origin: { kind: 'stand-in' } });
  expect(images.find(`ghcr.io/acme/sidecar@${image?.digest}`)?.digest).toBe(image?.digest);
  expect(images.find('ghcr.io/acme/sidecar:v2')?.digest).not.toBe(image?.digest);
  if (!image) throw new Error('no stand-in');
  const runnable = await images.materialise(image);
  expect(runnable).toMatchObject({ standIn: true, environment: { STAND_IN_IMAGE: 'ghcr.io/acme/sidecar' } });
});

test('the real client describes images by tag and by digest, and gets the errors of ECR', async () => {
  const given = withImages();
  const sha = given.repository.commit({ 'server/Dockerfile': DOCKERFILE });
  const other = given.repository.commit({ 'server/Dockerfile': DOCKERFILE, 'readme.md': '' });
  await given.images.publish('acme/shop', sha);
  await given.images.publish('acme/shop', other);
  const ecr = await ecrOf(given);
  const describe = (imageIds: { imageTag?: string; imageDigest?: string }[], repositoryName = 'shop') =>
    ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }));
  const { imageDetails = [] } = await describe([{ imageTag: sha }]);
  const imageDigest = imageDetails[0]?.imageDigest ?? '';
  expect(imageDetails[0]?.imageTags?.toSorted()).toEqual([sha, other].sort());
  expect(imageDetails[0]?.imagePushedAt).toBeInstanceOf(Date);
  expect((await describe([{ imageDigest }])).imageDetails).toHaveLength(1);
  expect((await ecr.send(new DescribeImagesCommand({ repositoryName: 'shop' }))).imageDetails).toHaveLength(1);
  await expect(describe([{ imageTag: 'none' }])).rejects.toBeInstanceOf(ImageNotFoundException);
  await expect(describe([{ imageTag: sha }], 'none')).rejects.toBeInstanceOf(RepositoryNotFoundException);
});

test('BatchGetImage gives manifests whose hash is the digest, and names what is missing', async () => {
  const given = withImages();
  const sha = given.repository.commit({ 'server/Dockerfile': DOCKERFILE });
  await given.images.publish('acme/shop', sha);
  const ecr = await ecrOf(given);
  const imageIds = [{ imageTag: sha }, { imageTag: 'none' }];
  const { images = [], failures } = await ecr.send(new BatchGetImageCommand({ repositoryName: 'shop', imageIds }));
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256').update(images[0]?.imageManifest ?? '');
  expect(images[0]?.imageId).toEqual({ imageTag: sha, imageDigest: `sha256:${hash.digest('hex')}` });
  expect(failures).toEqual([
    { imageId: { imageTag: 'none' }, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' },
  ]);
});

test('repositories are listed by page with their image names', async () => {
  const ecr = await ecrOf(withImages());
  const first = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2 }));
  const rest = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2, nextToken: first.nextToken }));
  const names = [...(first.repositories ?? []), ...(rest.repositories ?? [])].map((one) => one.repositoryUri);
  expect(names).toEqual([SHOP, `${REGISTRY}/shop-jobs`, `${REGISTRY}/sidecar`]);
  expect(rest.nextToken).toBeUndefined();
});

test('a role sees only the repositories that its policy names', async () => {
  const given = withImages({ ...testWorld(), store: openStore() });
  const ecr = await ecrOf(given, {
    Effect: 'Allow',
    Action: 'ecr:DescribeRepositories',
    Resource: 'arn:aws:ecr:eu-central-1:111122223333:repository/shop',
  });
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['shop'] }));
  expect(repositories).toHaveLength(1);
  await expect(ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['shop-jobs'] }))).rejects.toThrow(
    'is not authorized to perform: ecr:DescribeRepositories',
  );
});
