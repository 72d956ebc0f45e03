import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { template } from '../../../bin/commands/template.ts';
import { fixture, testWithFixtures } from '../../support/o5-fixtures.ts';
import { runHere } from './run-here.ts';
import { combined, type Folder, shop, temporaryFolder } from './sample-files.ts';

let folder: Folder;
let app: string;
let configuration: string;
beforeAll(() => {
  folder = temporaryFolder();
  app = folder.write('app.yaml', shop);
  configuration = folder.write('production.yaml', combined);
});
afterAll(() => folder.remove());

const run = (...words: string[]) => runHere(template, words);
const inDev = () => ['--application', app, '--configuration', configuration, '--environment', 'dev', '--version', 'v1'];

test('the template comes as YAML or as JSON, with the same content, and nothing beside it', async () => {
  const [yaml, json] = [await run(...inDev()), await run(...inDev(), '--json')];
  expect(yaml).toMatchObject({ code: 0, aside: '' });
  expect(json).toMatchObject({ code: 0, aside: '' });
  // CloudFormation reads YAML 1.1, in which `on` is no text.
  expect(parse(yaml.out, { version: '1.1' })).toEqual(JSON.parse(json.out));
  expect(JSON.parse(json.out)).toMatchObject({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'shop in dev',
    Resources: { ECSServiceMain: { Type: 'AWS::ECS::Service' } },
  });
  expect(json.out).toContain('"registry.example/team/shop:v1"');
});

test('equal input gives equal bytes, whether the application is YAML or JSON', async () => {
  const asJson = folder.write('app.json', JSON.stringify(parse(shop)));
  const first = await run(...inDev());
  expect(await run(...inDev())).toEqual(first);
  expect(await run(...inDev().map((word) => (word === app ? asJson : word)))).toEqual(first);
});

test('the parameters come with their values, and those of a deployment with what it puts in', async () => {
  const { out } = await run(...inDev(), '--parameters', '--json');
  const { template: built, parameters } = JSON.parse(out);
  expect(parameters.map(({ name }: { name: string }) => name)).toEqual(Object.keys(built.Parameters));
  expect(parameters).toEqual(
    expect.arrayContaining([
      { name: 'EnvVarRegion', value: 'north' },
      { name: 'DesiredCountMain', deferred: 'desiredCount', says: 'the count that runs; 1 at first' },
      {
        name: 'DatabaseSecretMain',
        deferred: 'databaseSecret',
        says: 'the ARN of the secret of the database main',
      },
      {
        name: expect.stringMatching(/^ListenerRulePriority/),
        deferred: 'rulePriority',
        says: 'the priority that the rule has, else the lowest free one from 1000 to 1999 (NORMAL)',
      },
    ]),
  );
  const [first, second] = parseAllDocuments((await run(...inDev(), '--parameters')).out, { version: '1.1' });
  expect(first?.toJS()).toEqual(built);
  expect(second?.toJS()).toEqual(parameters);
});

test('without a configuration there is a made-up environment that has what the application asks for', async () => {
  const { code, out, aside } = await run('--application', app, '--version', 'v1', '--json');
  expect(code).toBe(0);
  expect(aside).toBe('No configuration is given: this is for a made-up environment sample, with made-up ids.');
  expect(JSON.parse(out)).toMatchObject({ Description: 'shop in sample', Parameters: { EnvVarRegion: {} } });
});

test('the made-up environment has policies, links, principals and servers of every name', async () => {
  const path = folder.write(
    'wishes.yaml',
    shop
      .replace('dbExtensions', 'serverGroup: aurora\n      dbExtensions')
      .concat('    namedEnvPolicies: [mail]\n')
      .concat(
        '    subscriptions:\n      - { name: orders, envName: sister }\n      - { name: global/event, envName: "*" }\n',
      )
      .concat('blobstores:\n  - { name: files, grants: [{ principal: auditors }] }\n'),
  );
  const ran = await run('--application', path, '--version', 'v1', '--environment', 'lab', '--json');
  expect(ran.aside).toBe('No configuration is given: this is for a made-up environment lab, with made-up ids.');
  expect(ran.code).toBe(0);
  expect(ran.out).toContain('arn:aws:iam::000000000000:role/auditors');
});

for (const name of ['dante', 'j5', 'jwtauth', 'o5-deploy-aws', 'o5-ui', 'registry', 'trigger'])
  testWithFixtures(`${name} has a template without a configuration`, async () => {
    const path = folder.write(`${name}.yaml`, fixture(name));
    const ran = await run('--application', path, '--version', 'v1', '--json');
    expect({ code: ran.code, aside: ran.aside }).toMatchObject({ code: 0 });
    expect(Object.keys(JSON.parse(ran.out).Resources)).toContain('ECSServiceMain');
  });

test('an application that does not fit has no template: the findings stand beside an empty output', async () => {
  const words = inDev().map((word) => (word === 'dev' ? 'prod' : word));
  expect(await run(...words, '--json')).toEqual({
    code: 1,
    out: '',
    aside: `${app}:17:46 runtimes[0].containers[0].envVars[2].fromEnv.name: there is no variable of prod "region", nor any other\n1 error: there is no template.`,
  });
});

test('a configuration that is wrong is told first', async () => {
  const wrong = folder.write('wrong.yaml', combined.replace('vpcId', 'vcpId'));
  const { code, out, aside } = await run('--application', app, '--configuration', wrong, '--version', 'v1');
  expect([code, out]).toEqual([1, '']);
  expect(aside).toContain('(did you mean "vpcId"?)');
});

test.each<[words: () => readonly string[], says: string]>([
  [() => ['--application', app], 'needs --application FILE and --version VERSION'],
  [() => ['--version', 'v1'], 'needs --application FILE and --version VERSION'],
  [() => inDev().filter((word) => word !== '--environment' && word !== 'dev'), 'Name an environment'],
  [() => inDev().map((word) => (word === 'dev' ? 'devv' : word)), 'did you mean dev?'],
  [() => [...inDev(), '--configuration', configuration], 'stands in the files twice'],
])('words that leave something open end with 2 (%#)', async (words, says) => {
  expect(await run(...words())).toMatchObject({ code: 2, out: '', aside: expect.stringContaining(says) });
});
