import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { diff } from '../../../bin/commands/diff.ts';
import { template } from '../../../bin/commands/template.ts';
import { runHere } from './run-here.ts';
import { combined, type Folder, shop, temporaryFolder } from './sample-files.ts';

let folder: Folder;
let old: string;
let configuration: string;
beforeAll(() => {
  folder = temporaryFolder();
  old = folder.write('old.yaml', shop);
  configuration = folder.write('production.yaml', combined);
});
afterAll(() => folder.remove());

const run = (...words: string[]) => runHere(diff, words);
const changed = () =>
  folder.write(
    'new.yaml',
    shop
      .replace("value: 'on'", "value: 'off'")
      .replace('[citext]', '[citext, pg_trgm]')
      .replace('- name: keys', '- name: mail'),
  );
const inDev = () => ['--configuration', configuration, '--environment', 'dev'];

test('a release against itself changes nothing, and ends with 0', async () => {
  expect(await run('--application', old, '--against', old)).toEqual({
    code: 0,
    out: 'Nothing would change.',
    aside: '',
  });
});

test('two releases are told apart by resource, property, replacement and database', async () => {
  const { code, out, aside } = await run('--application', changed(), '--against', old, ...inDev());
  expect([code, aside]).toEqual([1, '']);
  expect(out.split('\n')).toEqual([
    'Added:',
    '  + SecretsManagerSecretAppSecretMail (AWS::SecretsManager::Secret)',
    '',
    'Changed:',
    '  ~ ECSServiceMain (AWS::ECS::Service)',
    '      follows ECSTaskDefinitionMain',
    '  ~ ECSTaskDefinitionMain (AWS::ECS::TaskDefinition)',
    '      ~ ContainerDefinitions[web].Environment[MODE].Value: "on" → "off"',
    '',
    'Removed:',
    '  - SecretsManagerSecretAppSecretKeys (AWS::SecretsManager::Secret): stays with what it holds, outside of the stack',
    '',
    'Replaced:',
    '  ECSTaskDefinitionMain is replaced because of ContainerDefinitions: another revision: the service starts tasks of it and stops the old ones.',
    '',
    'Databases:',
    '  ~ [main].extensions: ["citext"] → ["citext","pg_trgm"]',
  ]);
});

test('versions and configurations may differ as well', async () => {
  const other = folder.write('other.yaml', combined.replace('north', 'south'));
  const words = ['--application', old, '--against', old, ...inDev(), '--against-configuration', other];
  const { code, out } = await run(...words, '--version', 'v2', '--against-version', 'v1', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    added: [],
    removed: [],
    parameters: expect.arrayContaining([
      { path: 'EnvVarRegion', before: 'south', after: 'north' },
      { path: 'VersionTag', before: 'v1', after: 'v2' },
    ]),
  });
});

test('a template that runs is held against, as slipway and AWS print it, its images pinned or not', async () => {
  const { out: whole } = await runHere(template, [
    '--application',
    old,
    ...inDev(),
    '--version',
    'v1',
    '--json',
    '--parameters',
  ]);
  const bare = JSON.stringify(JSON.parse(whole).template);
  const pinned = bare.replaceAll(/(registry\.example[^"]*:v1)"/g, `$1@sha256:${'a'.repeat(64)}"`);
  expect(pinned).not.toBe(bare);
  const files = [whole, bare, pinned, `{"TemplateBody": ${bare}}`, `{"TemplateBody": ${JSON.stringify(pinned)}}`];
  for (const [index, text] of files.entries()) {
    const running = folder.write(`running-${index}.json`, text);
    const words = ['--running', running, ...inDev(), '--version', 'v1'];
    expect(await run('--application', old, ...words)).toMatchObject({ code: 0, out: 'Nothing would change.' });
    expect(await run('--application', changed(), ...words)).toMatchObject({ code: 1 });
  }
});

test('a file may be what Git holds at a revision', async () => {
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder.path, stdio: 'pipe' });
  const cwd = process.cwd();
  const path = folder.write('kept.yaml', shop);
  git('init', '--quiet', '--initial-branch=main');
  git('add', 'kept.yaml');
  git('commit', '--quiet', '--message', 'first');
  folder.write('kept.yaml', shop.replace("value: 'on'", "value: 'off'"));
  process.chdir(folder.path);
  try {
    const { code, out } = await run('--application', path, '--against', 'HEAD:kept.yaml');
    expect(code).toBe(1);
    expect(out).toContain('Environment[MODE].Value: "on" → "off"');
    expect(await run('--application', path, '--against', 'HEAD:lost.yaml')).toMatchObject({
      code: 2,
      aside: expect.stringContaining('git does not have it'),
    });
  } finally {
    process.chdir(cwd);
  }
});

test.each<[words: () => readonly string[], says: string]>([
  [() => [], 'needs --application FILE'],
  [() => ['--application', old], 'There is nothing to hold'],
  [() => ['--application', old, '--against', old, '--running', old], 'cannot go together'],
  [() => ['--application', old, '--running', old], '--running needs --version and --configuration'],
  [() => ['--application', old, '--running', old, ...inDev(), '--version', '1'], 'is no CloudFormation template'],
  [
    () => ['--application', old, '--against', folder.write('b.yaml', shop.replace('name: shop', 'name: shed'))],
    'two applications, shed and shop',
  ],
  [() => ['--application', old, '--against', configuration], 'cannot be built: nothing was compared.'],
  [
    () => ['--application', old, '--environment', 'dev', '--configuration', configuration],
    'what is deployed knows its own',
  ],
])('what cannot be compared ends with 2 (%#)', async (words, says) => {
  expect(await run(...words())).toMatchObject({ code: 2, out: '', aside: expect.stringContaining(says) });
});

test('the short forms of YAML templates are refused instead of misread', async () => {
  const running = folder.write('short.yaml', 'Resources:\n  A:\n    Type: T\n    Properties: { B: !Ref C }\n');
  expect(await run('--application', old, '--running', running, ...inDev(), '--version', '1')).toMatchObject({
    code: 2,
    aside: expect.stringContaining('holds the short form !Ref'),
  });
});
