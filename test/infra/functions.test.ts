import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { manifest, pascal, variablesOf } from '../../functions/manifest.ts';
import { codeOf, resourceOf, resourcesOfType } from '../support/synthesised.ts';

const propertiesOf = (name: string) => resourceOf('AWS::Lambda::Function', pascal(name))[1].Properties ?? {};

test.each(manifest)('$name runs as its row says, on Node 24 and arm64', ({ name, timeoutSeconds, memoryMegabytes }) => {
  expect(propertiesOf(name)).toMatchObject({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Timeout: timeoutSeconds,
    MemorySize: memoryMegabytes,
  });
});

test.each(manifest)('$name is told exactly the variables of its row', (row) => {
  const { Variables = {} } = (propertiesOf(row.name)['Environment'] ?? {}) as { readonly Variables?: object };
  const forNode = row.quickStart ? [] : ['NODE_OPTIONS'];
  expect(Object.keys(Variables).sort()).toEqual([...variablesOf(row), ...forNode].sort());
  expect(Object.values(Variables)).not.toContain('');
});

test('there is no function without a row', () => {
  expect(resourcesOfType('AWS::Lambda::Function')).toHaveLength(manifest.length);
});

test('only the function that speaks SQL stands in the VPC, so nothing needs a NAT gateway', () => {
  const inside = manifest.filter(({ name }) => 'VpcConfig' in propertiesOf(name));
  expect(inside.map(({ name }) => name)).toEqual(['sql']);
});

test('what changes things ends within a minute, so that nobody is still at it when the sweeper comes', () => {
  const slow = manifest.filter(({ timeoutSeconds }) => timeoutSeconds > 60).map(({ name }) => name);
  expect(slow).toEqual(['sql']);
});

test.each(manifest)(
  'the code of $name is its bundle and its chunks, with the files that its row names beside them',
  (row) => {
    const others = filesOf(row.name).filter((file) => !/^chunk-\w+\.mjs(\.map)?$/.test(file));
    const { name, extraFiles = [] } = row;
    expect(others.sort()).toEqual(
      [`${name}.mjs`, `${name}.mjs.map`, ...extraFiles.map((path) => basename(path))].sort(),
    );
  },
);

test('the webhook is 20 kB at most, its chunks included: GitHub waits for its cold start', () => {
  const folder = codeOf('Webhook');
  const code = filesOf('webhook').filter((file) => file.endsWith('.mjs'));
  const bytes = code.map((file) => statSync(join(folder, file)).size).reduce((sum, size) => sum + size);
  expect(bytes).toBeLessThanOrEqual(20_000);
});

const filesOf = (name: string): readonly string[] => readdirSync(codeOf(pascal(name)));
