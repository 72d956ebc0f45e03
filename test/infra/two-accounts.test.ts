import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT } from '../../bin/local/synthesise.ts';
import { guarded } from '../support/guard.ts';
import type { Resource, Statement } from '../support/synthesised.ts';

const HOME = '111111111111';
const OTHER = '222222222222';

let directory: string;
let resources: Readonly<
  Record<'slipway' | 'slipway-cluster-production' | 'slipway-cluster-plain', readonly Resource[]>
>;

const read = <T>(file: string): T => JSON.parse(readFileSync(join(directory, 'out', file), 'utf8')) as T;
const resourcesOf = (stack: string) =>
  Object.values(read<{ readonly Resources: Readonly<Record<string, Resource>> }>(`${stack}.template.json`).Resources);

// The stage that the comment of infra/aws/stages.ts shows: a control plane in one account, its cluster in another. Beside
// that one stands a second without an administrator who logs in by IAM.
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'test-two-accounts-'));
  execFileSync(process.execPath, [join(ROOT, 'test/support/synthesise-commented.ts'), join(directory, 'bundles')], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      CDK_OUTDIR: join(directory, 'out'),
      CDK_CONTEXT_JSON: JSON.stringify({ stage: 'production' }),
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  resources = {
    slipway: resourcesOf('slipway'),
    'slipway-cluster-production': resourcesOf('slipway-cluster-production'),
    'slipway-cluster-plain': resourcesOf('slipway-cluster-plain'),
  };
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const textOf = (stack: keyof typeof resources, type: string): string =>
  JSON.stringify(resources[stack].filter(({ Type }) => Type === type));

test('each stack stands in its account, and the control plane is deployed first', () => {
  const { artifacts } = read<{
    readonly artifacts: Readonly<
      Record<string, { readonly environment?: string; readonly dependencies?: readonly string[] }>
    >;
  }>('manifest.json');
  expect(artifacts['slipway']?.environment).toBe(`aws://${HOME}/eu-central-1`);
  expect(artifacts['slipway-cluster-production']?.environment).toBe(`aws://${OTHER}/eu-central-1`);
  expect(artifacts['slipway-cluster-production']?.dependencies).toContain('slipway');
});

test('no stack imports what another exports, which no account can', () => {
  expect(JSON.stringify(resources)).not.toContain('Fn::ImportValue');
});

test('events of the cluster go to the bus of the control plane, which lets just that account put them', () => {
  const rules = textOf('slipway-cluster-production', 'AWS::Events::Rule');
  expect(rules).toContain(`arn:aws:events:eu-central-1:${HOME}:event-bus/slipway`);
  const [policy, ...others] = resources.slipway.filter(({ Type }) => Type === 'AWS::Events::EventBusPolicy');
  expect(others).toEqual([]);
  expect(policy?.Properties?.['Statement']).toMatchObject({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
    Action: 'events:PutEvents',
  });
});

test('the deploy role trusts the account of the control plane, with the external id', () => {
  const roles = resources['slipway-cluster-production'].filter(
    ({ Properties }) => Properties?.['RoleName'] === 'slipway-deploy-production',
  );
  const trust = JSON.stringify(roles.map(({ Properties }) => Properties?.['AssumeRolePolicyDocument']));
  expect(trust).toContain(`iam::${HOME}:`);
  expect(trust).toContain('{"sts:ExternalId":"slipway-production-7f3a"}');
});

const SERVER = 'cluster-ABCDEFGHIJKL01234';
const user = (name: string) => `arn:aws:rds-db:eu-central-1:${OTHER}:dbuser:${name}`;

test("administrators are logged in as from the cluster's account alone, by the function that stands there", () => {
  expect(textOf('slipway', 'AWS::IAM::Policy')).not.toContain('rds-db:');
  const allowed = resources['slipway-cluster-production']
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => (Properties as unknown as Attached).PolicyDocument.Statement)
    .filter(({ Effect, Action }) => Effect === 'Allow' && Action === 'rds-db:connect')
    .map(({ Resource }) => Resource);
  expect(allowed.sort()).toEqual(['o5admin', 'prod_demo_*', 'prod_eu_*'].map((name) => user(`${SERVER}/${name}`)));
});

interface Attached {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

test('without such an administrator there is no role for migrations to log in with, and nobody may log in', () => {
  const template = JSON.stringify(read('slipway-cluster-plain.template.json'));
  expect(template).not.toMatch(/slipway-migration-|MigrationTaskRole|DatabaseAdmin/);
  // The boundary, which grants nothing.
  expect(template.match(/"rds-db:connect"[^}]*/g)).toEqual([
    `"rds-db:connect","Effect":"Allow","Resource":"${user('*/trial_*')}"`,
  ]);
});

test('templates in the documents can be read from the account of the cluster', () => {
  const policies = textOf('slipway', 'AWS::S3::BucketPolicy');
  expect(policies).toContain(`iam::${OTHER}:`);
  expect(policies).toContain('/templates/*');
});

test('what a stage retains stays, and its tags are on what can be tagged', () => {
  const tables = resources.slipway.filter(({ Type }) => Type === 'AWS::DynamoDB::Table');
  expect(tables.length).toBeGreaterThan(5);
  for (const table of tables)
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        Tags: expect.arrayContaining([{ Key: 'cost-center', Value: 'platform' }]),
      },
    });
});

test('the templates of a production stage keep the rules of test/infra/rules', () => {
  const templates = Object.values(resources).map((list) => ({ Resources: { ...list } }));
  const results = guarded(templates);
  expect(results.map(({ broken }) => broken)).toEqual([[], [], []]);
  expect(results[0]?.held).toEqual(expect.arrayContaining(['table_that_stays_is_protected', 'bucket_over_tls_only']));
});
