import { expect, test } from '@jest/globals';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { pinImage, pinImages } from '../../../functions/domain/template/pin-images.ts';
import {
  sampleApplication,
  sampleCluster,
  sampleEnvironment,
  sampleRuntime,
  sha256,
} from '../../support/sample-configuration.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const built = buildTemplate({
  application: sampleApplication({
    databases: [{ name: 'main', postgres: { migrateContainer: { imageUrl: 'migrations:1' } } }],
    runtimes: [
      sampleRuntime({
        containers: [
          { name: 'web', imageUrl: 'shop:1' },
          { name: 'side', imageUrl: `side@${digest('c')}` },
        ],
      }),
    ],
  }),
  environment: sampleEnvironment(),
  cluster: sampleCluster(),
  version: '1',
  hash: sha256,
});
const digests = { 'shop:1': digest('a'), 'migrations:1': digest('b') };

test('pins every image of services and migrations by its digest, and changes nothing else', () => {
  const pinned = pinImages(built, digests);
  const expected = JSON.stringify(built)
    .replace('"Image":"shop:1"', `"Image":"shop:1@${digest('a')}"`)
    .replace('"image":"migrations:1"', `"image":"migrations:1@${digest('b')}"`);
  expect(JSON.parse(JSON.stringify(pinned))).toEqual(JSON.parse(expected));
});

test('the sidecar beside a migration is pinned as well, and nothing else of it is touched', () => {
  const sidecar = { image: 'sidecar:1', environment: [{ name: 'A', value: 'sidecar:1' }] };
  const withSidecar = {
    ...built,
    databases: built.databases.map(({ migrate, ...database }) => ({
      ...database,
      ...(migrate && { migrate: { ...migrate, sidecar } }),
    })),
  };
  const [database] = pinImages(withSidecar, { ...digests, 'sidecar:1': digest('d') }).databases;
  expect(database?.migrate?.sidecar).toEqual({ ...sidecar, image: `sidecar:1@${digest('d')}` });
  expect(() => pinImages(withSidecar, digests)).toThrow('Image sidecar:1 has no digest');
});

test('pinning twice is pinning once', () => {
  const pinned = pinImages(built, digests);
  expect(pinImages(pinned, {})).toEqual(pinned);
});

test.each([undefined, 'latest', 'sha256:abc'])('refuses an image whose digest is %s', (wrong) => {
  expect(() => pinImage('shop:1', wrong === undefined ? {} : { 'shop:1': wrong })).toThrow(
    'Image shop:1 has no digest',
  );
});

test('an image named like a property of objects has no digest of its own', () => {
  expect(() => pinImage('constructor', {})).toThrow('has no digest');
});

test('an image that is known to be missing stays as it was configured, and no other one may be', () => {
  const pinned = pinImages(built, { 'shop:1': digest('a') }, ['migrations:1']);
  expect(pinned.databases[0]?.migrate?.image).toBe('migrations:1');
  expect(JSON.stringify(pinned.template)).toContain(`"Image":"shop:1@${digest('a')}"`);
  expect(() => pinImages(built, {}, ['migrations:1'])).toThrow('Image shop:1 has no digest');
});
