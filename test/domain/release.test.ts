import { expect, test } from '@jest/globals';
import { canonical } from '../../functions/domain/canonical.ts';
import { releaseFrom } from '../../functions/domain/release.ts';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import { sampleApplication, sampleCluster, sampleEnvironment, sha256 } from '../support/sample-configuration.ts';

const parts = (more: object = {}) => {
  const built = buildTemplate({
    application: sampleApplication({ databases: [{ name: 'main', postgres: {} }], ...more }),
    environment: sampleEnvironment(),
    cluster: sampleCluster(),
    version: 'c0ffee',
    hash: sha256,
  });
  return {
    environment: 'prod',
    application: 'shop',
    version: 'c0ffee',
    built,
    digests: Object.fromEntries(built.images.map((image) => [image, `sha256:${'a'.repeat(64)}`])),
    migrations: { main: { tool: 'dbmate', files: [] } as const },
    hash: sha256,
  };
};

test('a release is named by the hash over everything else in it', () => {
  const { hash, ...content } = releaseFrom(parts());
  expect(hash).toBe(sha256(canonical(content)));
  expect(content).toMatchObject({
    stackName: 'prod-shop',
    databases: [{ key: 'main', migrations: { tool: 'dbmate' } }],
  });
  expect(content.images).toEqual({
    'registry.example/team/shop:c0ffee': `registry.example/team/shop:c0ffee@sha256:${'a'.repeat(64)}`,
  });
});

test('the same content is the same release, other content another', () => {
  expect(releaseFrom(parts()).hash).toBe(releaseFrom(parts()).hash);
  expect(releaseFrom(parts({ deploymentConfig: { quickMode: true } })).hash).not.toBe(releaseFrom(parts()).hash);
  const file = { id: '1', path: 'db/1.sql', content: 'select 1', checksum: 'x' };
  expect(releaseFrom({ ...parts(), migrations: { main: { tool: 'dbmate', files: [file] } } }).hash).not.toBe(
    releaseFrom(parts()).hash,
  );
});

test('the migrations of every database have to be there', () => {
  expect(() => releaseFrom({ ...parts(), migrations: {} })).toThrow('The migrations of database main were not read');
});
