import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFile } from '../../../bin/configuration/build-side.ts';
import { againstDeployed } from '../../../bin/diff/against-deployed.ts';
import { builtOf } from '../../../bin/diff/built-of.ts';
import { isSame, templateDiff } from '../../../bin/diff/template-diff.ts';
import { releaseFrom } from '../../../functions/domain/release.ts';
import { releaseKey } from '../../../functions/operations/step-context.ts';
import { memoryConfigurationStore, memoryDocumentStore, memoryStackStore } from '../../support/memory-stores.ts';
import { aStack } from '../../support/records.ts';
import { sha256 } from '../../support/sample-configuration.ts';
import { combined, type Folder, shop, temporaryFolder } from '../commands/sample-files.ts';

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** A Slipway that deployed the shop to dev as v1. */
const slipway = async ({ isDeployed = true } = {}) => {
  const configurations = [folder.write('production.yaml', combined)];
  const wanted = { application: folder.write('old.yaml', shop), configurations, environment: 'dev', version: 'v1' };
  const { built, site } = builtOf('old.yaml', buildFile(wanted));
  const digests = Object.fromEntries(built.images.map((image) => [image, `sha256:${sha256(image)}`]));
  const release = releaseFrom({
    environment: 'dev',
    application: 'shop',
    version: 'v1',
    built,
    digests,
    migrations: { main: { tool: 'unknown', files: [] } },
    hash: sha256,
  });
  const [configuration, documents] = [memoryConfigurationStore(), memoryDocumentStore()];
  await configuration.putEnvironment(site.environment);
  await configuration.putCluster(site.cluster);
  await documents.put(releaseKey(release.hash), release);
  const stack = aStack({ name: 'dev-shop', environment: 'dev', ...(isDeployed && { release: release.hash }) });
  return { configuration, documents, stacks: memoryStackStore([stack]) };
};

const diffOf = async (text: string, version?: string, environment = 'dev') => {
  const source = folder.write('app.yaml', text);
  const { before, after } = await againstDeployed(await slipway(), { source, environment, version });
  return templateDiff(before, after);
};

test('what is deployed already is no difference, for all that its images are pinned', async () => {
  const found = await diffOf(shop);
  expect(found).toMatchObject({ changed: [], databases: [], parameters: [] });
  expect(isSame(found)).toBe(true);
});

test('another version and another configuration are', async () => {
  const found = await diffOf(shop.replace('[citext]', '[]'), 'v2');
  expect(found.parameters).toContainEqual({ path: 'VersionTag', before: 'v1', after: 'v2' });
  expect(found.databases).toContainEqual({ path: '[main].extensions', before: ['citext'], after: [] });
});

test('where nothing is deployed there is nothing to be held against', async () => {
  const source = folder.write('app.yaml', shop);
  const proposed = { source, environment: 'dev', version: undefined };
  await expect(againstDeployed(await slipway({ isDeployed: false }), proposed)).rejects.toThrow(
    'shop has never been deployed to dev: all of it would be new.',
  );
  await expect(diffOf(shop, undefined, 'prod')).rejects.toThrow(
    'The environment prod is not configured there. Configured: dev.',
  );
  await expect(diffOf(shop.replace('runtimes', 'runtime'))).rejects.toThrow('did you mean "runtimes"?');
});
