import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { validate } from '../../../bin/commands/validate.ts';
import { runCommand } from '../run-command.ts';
import { runHere } from './run-here.ts';
import { clusterFile, combined, environmentFile, type Folder, shop, temporaryFolder } from './sample-files.ts';

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

const run = (...words: string[]) => runHere(validate, words);
const file = (name: string, text: string) => folder.write(name, text);

test('an application that is right by itself is said to be, and held against nothing', async () => {
  const path = file('alone/app.yaml', shop);
  expect(await run(path)).toEqual({
    code: 0,
    out: `✔ ${path}: application shop, which was held against no environment`,
    aside: '',
  });
});

test('everything that is wrong in all files is told with its place and the nearest word, and counted by file', async () => {
  const app = file('wrong/app.yaml', shop.replace('envVars:', 'envVar:').replace('HTTP', 'HTP'));
  const configuration = file('wrong/production.yaml', combined.replace('vpcId', 'vcpId'));
  const { code, out } = await run(app, configuration);
  expect(code).toBe(1);
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/production\.yaml:2:3 cluster\.aws\.vpcId: .*required|production\.yaml:\d+:\d+ cluster/),
    expect.stringContaining('(did you mean "vpcId"?)'),
    expect.stringMatching(/app\.yaml:14:9 runtimes\[0\]\.containers\[0\]\.envVar: .*\(did you mean "envVars"\?\)$/),
    expect.stringMatching(/app\.yaml:19:\d+ runtimes\[0\]\.routes\[0\]\.protocol: .*\(did you mean "HTTP"\?\)$/),
    `✘ ${configuration}: 2 errors`,
    `✘ ${app}: 2 errors`,
  ]);
});

test('an application is held against every environment of the files, and each finding names those it holds for', async () => {
  const app = file('held/app.yaml', shop);
  const configuration = file('held/production.yaml', combined);
  const { code, out } = await run('--application', app, '--configuration', configuration);
  expect(code).toBe(1);
  expect(out.split('\n')).toEqual([
    `${app}:17:46 runtimes[0].containers[0].envVars[2].fromEnv.name: there is no variable of prod "region", nor any other [prod]`,
    `✔ ${configuration}: cluster main, environment dev, environment prod`,
    `✘ ${app}: 1 error`,
  ]);
});

test('a server group that is logged in to by IAM is held against like any other', async () => {
  const migrated = shop
    .replace(
      '{ image: { name: shop-migrations } }',
      '{ imageUrl: up:1, envVars: [{ name: U, database: { databaseName: main } }] }',
    )
    .replace('fromEnv: { name: region }', 'value: north');
  const app = file('iam/app.yaml', migrated);
  const check = async (name: string, text: string) => {
    const configuration = file(`iam/${name}`, text);
    const { code, out } = await run('--application', app, '--configuration', configuration);
    return { code, findings: out.split('\n').filter((line) => line.startsWith(app)) };
  };
  const byIam = combined.replace(
    'auth: { secretsManager: { secretName: main/postgres } }',
    'endpoint: main.example\n        auth: { iam: { dbUser: root } }',
  );
  const poor = await check('poor.yaml', byIam);
  expect(poor.code).toBe(1);
  expect(poor.findings).toEqual([
    expect.stringMatching(/migrateContainer: needs a role for dev in cluster\.aws\.migrationTaskRoles .* \[dev\]$/),
    expect.stringMatching(/migrateContainer: needs a role for prod in cluster\.aws\.migrationTaskRoles .* \[prod\]$/),
    expect.stringMatching(/migrateContainer: needs the sidecar for logging in to main by IAM: the cluster main has no/),
    expect.stringMatching(/runtimes\[0\]: needs the sidecar for logging in to main by IAM: the cluster main has no/),
  ]);
  const role = 'arn:aws:iam::000000000000:role/log-in';
  const rich = byIam.replace(
    'migratorRoles:',
    `o5Sidecar: { imageVersion: v1 }\n    migrationTaskRoles: { dev: ${role}, prod: ${role} }\n    migratorRoles:`,
  );
  expect(await check('rich.yaml', rich)).toEqual({ code: 0, findings: [] });
});

test('the environment that is named is the only one that counts', async () => {
  const app = file('named/app.yaml', shop);
  const configuration = file('named/production.yaml', combined);
  const { code, out } = await run(app, configuration, '--environment', 'dev');
  expect(out).toContain(`✔ ${app}: application shop, which fits dev`);
  expect(code).toBe(0);
});

test('cluster and environments may stand in files of their own', async () => {
  const app = file('apart/app.yaml', shop);
  const parts = [file('apart/cluster.yaml', clusterFile), file('apart/dev.yaml', environmentFile)];
  const { code, out } = await run(app, ...parts);
  expect(out.split('\n')).toEqual([
    `✔ ${parts[0]}: cluster main`,
    `✔ ${parts[1]}: environment dev`,
    `✔ ${app}: application shop, which fits dev`,
  ]);
  expect(code).toBe(0);
});

test('an environment without its cluster cannot be held against, and that is said', async () => {
  const [app, dev] = [file('homeless/app.yaml', shop), file('homeless/dev.yaml', environmentFile)];
  const { code, aside } = await run(app, dev);
  expect(aside).toBe('Nothing was held against the environment dev: its cluster is in none of the files.');
  expect(code).toBe(0);
  expect(await run(app, dev, '--environment', 'dev')).toMatchObject({
    code: 2,
    aside: expect.stringContaining('belongs to the cluster main, which is in none of the files'),
  });
});

test('two applications whose databases would be one are told so, each at its place', async () => {
  const suffixed = (name: string, suffix: string) =>
    shop.replace('name: shop', `name: ${name}`).replace('dbExtensions', `dbNameSuffix: ${suffix}\n      dbExtensions`);
  const first = file('shared/first.yaml', suffixed('shop', 'lists_all'));
  const second = file('shared/second.yaml', suffixed('lists', 'all'));
  const configuration = file('shared/production.yaml', combined.replaceAll(/\bprod\b/g, 'dev-shop'));
  const { code, out } = await run(first, second, configuration);
  expect(code).toBe(1);
  expect(out).toContain(
    `${first}:7:21 databases[0].postgres.dbNameSuffix: main of shop and main of lists (dev-shop) would both be the database dev_shop_lists_all: give one another dbNameSuffix [dev]`,
  );
  expect(out).toContain(
    `${second}:7:21 databases[0].postgres.dbNameSuffix: main of lists and main of shop (dev) would`,
  );
});

test('deprecated keys are shown, and fail nothing', async () => {
  const path = file('old/app.yaml', shop.replace('dbExtensions', 'dbName: shop\n      dbExtensions'));
  expect(await run(path)).toEqual({
    code: 0,
    out: [
      `warning: ${path}:7:7 databases[0].postgres.dbName: dbName is deprecated: use dbNameSuffix`,
      `✔ ${path}: application shop, which was held against no environment; 1 warning`,
    ].join('\n'),
    aside: '',
  });
});

test('as JSON there is a list of findings and nothing else, the same every time', async () => {
  const app = file('json/app.yaml', shop.replace('dbExtensions', 'dbName: shop\n      dbExtensions'));
  const configuration = file('json/production.yaml', combined);
  const ran = await run(app, configuration, '--json');
  expect(JSON.parse(ran.out)).toEqual([
    expect.objectContaining({ severity: 'warning', path: app, line: 7, column: 7 }),
    {
      severity: 'error',
      path: app,
      line: 18,
      column: 46,
      keyPath: 'runtimes[0].containers[0].envVars[2].fromEnv.name',
      message: 'there is no variable of prod "region", nor any other',
      environments: ['prod'],
    },
  ]);
  expect(await run(app, configuration, '--json')).toEqual(ran);
  expect(await run(configuration, '--json')).toEqual({ code: 0, out: '[]', aside: '' });
});

test.each<[words: readonly string[], says: string]>([
  [[], 'No file is given'],
  [['missing.yaml'], 'missing.yaml cannot be read: it does not exist'],
  [['HEAD:missing.yaml'], 'HEAD:missing.yaml is no file, and git does not have it'],
  [['--environment', 'dev'], 'No file is given'],
])('what cannot be examined ends with 2: %j', async (words, says) => {
  expect(await run(...words)).toMatchObject({ code: 2, out: '', aside: expect.stringContaining(says) });
});

test('an environment that no file holds ends with 2 and the nearest name', async () => {
  const words = [file('typo/app.yaml', shop), file('typo/production.yaml', combined), '--environment', 'pord'];
  expect(await run(...words)).toEqual({
    code: 2,
    out: '',
    aside: 'There is no environment pord in the files; did you mean prod? Known: dev, prod.',
  });
});

test('a file whose keys tell nothing has to be named by an option', async () => {
  const path = file('unclear/list.yaml', 'name: shop\n');
  expect(await run(path)).toMatchObject({ code: 2, aside: expect.stringContaining('do not tell what it is') });
  expect(await run('--application', path)).toMatchObject({ code: 1, out: expect.stringContaining('runtimes') });
});

test.each([
  ['name: shop\n\truntimes: []\n', ':2:1 (top): a tab is used for indentation'],
  ['runtimes: []\nruntimes: []\n', ':2:1 (top): the same key stands twice'],
  ['', ':1:1 (top): is empty'],
])('a file that cannot be read is told with the place where it breaks, option or not: %j', async (text, says) => {
  const path = file('broken/app.yaml', text);
  for (const words of [[path], ['--application', path], ['--configuration', path]])
    expect(await run(...words)).toMatchObject({ code: 1, out: expect.stringContaining(`${path}${says}`) });
});

test('the command line runs it without AWS, and passes on that it could do nothing', async () => {
  expect(await runCommand(['validate', folder.path])).toEqual({
    code: 2,
    said: expect.stringContaining('cannot be read'),
  });
});
