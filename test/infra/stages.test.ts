import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyPath } from '../../functions/domain/configuration/finding.ts';
import { databaseName } from '../../functions/domain/template/names.ts';
import { checkStages } from '../../infra/aws/check-stages.ts';
import { getStage } from '../../infra/aws/get-stage.ts';
import { migrationTaskRoleName, migratorRoleName, userPrefix } from '../../infra/aws/names.ts';
import type { StageEntry } from '../../infra/aws/stage.ts';
import { stages } from '../../infra/aws/stages.ts';
import { fitsWildcard } from '../../infra/local/iam/wildcard.ts';
import { commentedStages } from '../support/commented-stages.ts';

type ClusterEntry = NonNullable<StageEntry['clusters']>[number];

const cluster = (more: Partial<ClusterEntry> = {}): ClusterEntry => ({
  name: 'main',
  account: '222222222222',
  region: 'eu-central-1',
  environments: ['prod'],
  adminSecrets: 'rds/',
  taskExecutionRole: 'arn:aws:iam::222222222222:role/tasks',
  network: { vpcId: 'vpc-01', subnetIds: ['subnet-01'], securityGroupIds: ['sg-01'] },
  externalId: 'slipway-test',
  ...more,
});

const stage = (more: object = {}): StageEntry => ({
  account: '111111111111',
  region: 'eu-central-1',
  retain: false,
  clusters: [cluster()],
  ...more,
});

/** Everything that is wrong, as `key path: message`. */
const findings = (entries: Readonly<Record<string, StageEntry>>): readonly string[] => {
  const checked = checkStages(entries);
  return checked.kind === 'invalid'
    ? checked.findings.map(
        ({ keys, message, nearest }) => `${keyPath(keys)}: ${message}${nearest ? ` [${nearest}]` : ''}`,
      )
    : [];
};

test('the stages of the file are right, and the example in its comment is as well', () => {
  expect(findings(stages)).toEqual([]);
  const commented = commentedStages();
  expect(Object.keys(commented)).toEqual(['production']);
  expect(findings({ ...stages, ...commented })).toEqual([]);
});

test('what is left out of a stage has its default, and logs of what is retained are kept for a year', () => {
  const entries = { development: stage(), production: stage({ region: 'eu-west-1', retain: true, clusters: [] }) };
  expect(getStage('development', entries)).toMatchObject({
    alarmEmails: [],
    logRetentionDays: 30,
    webhook: { requestsPerSecond: 20, burst: 40 },
    tags: {},
  });
  expect(getStage('production', entries).logRetentionDays).toBe(365);
});

test.each<[what: string, entry: object, finding: string]>([
  [
    'a key that nobody knows',
    stage({ retian: true }),
    expect.stringMatching(/^test\.retian: unknown key retian.*\[retain\]$/) as unknown as string,
  ],
  ['an account that is none', stage({ account: '1234' }), 'test.account: expected the 12 digits of an account'],
  ['a region that is none', stage({ region: 'frankfurt' }), 'test.region: expected a region such as eu-central-1'],
  [
    'a region of another partition, for which the ARNs would be wrong',
    stage({ region: 'us-gov-west-1' }),
    'test.region: expected a region such as eu-central-1',
  ],
  [
    'days that CloudWatch does not take',
    stage({ logRetentionDays: 31 }),
    expect.stringContaining('test.logRetentionDays: expected one of 1, 3, 5, 7') as unknown as string,
  ],
  [
    'a role of another account than the cluster',
    stage({ clusters: [cluster({ taskExecutionRole: 'arn:aws:iam::333333333333:role/tasks' })] }),
    "test.clusters[0].taskExecutionRole: is not a role of the cluster's account 222222222222",
  ],
  [
    'a cluster whose name makes a role too long',
    stage({ clusters: [cluster({ name: 'c'.repeat(50) })] }),
    expect.stringMatching(
      /^test\.clusters\[0\]\.name: slipway-\S+ would be named after it: \d+ characters, where AWS takes 64/,
    ) as unknown as string,
  ],
  [
    'an environment whose name makes a role too long',
    stage({ clusters: [cluster({ environments: ['prod', 'e'.repeat(48)] })] }),
    `test.clusters[0].environments[1]: ${migratorRoleName('e'.repeat(48))} would be named after it: 65 characters, where AWS takes 64`,
  ],
  [
    "an environment whose name makes the role of its migrations' tasks too long",
    stage({ clusters: [cluster({ environments: ['e'.repeat(47)], databaseAdmins: ['db-ABC/admin'] })] }),
    `test.clusters[0].environments[0]: ${migrationTaskRoleName('e'.repeat(47))} would be named after it: 65 characters, where AWS takes 64`,
  ],
  ...[
    'main/admin',
    'arn:aws:rds-db:eu-west-1:1:dbuser:db-ABC/admin',
    'db-ABC',
    'db-ABC/*',
    'db-*/admin',
    'db-ABC/a/b',
  ].map((admin): [string, object, string] => [
    `an administrator ${admin}`,
    stage({ clusters: [cluster({ databaseAdmins: [admin] })] }),
    'test.clusters[0].databaseAdmins[0]: expected a resource id, / and a user',
  ]),
  [
    'a cluster twice in an account',
    stage({ clusters: [cluster(), cluster({ environments: ['demo'] })] }),
    'test.clusters[1].name: cluster main in account 222222222222 is declared twice (see test)',
  ],
  [
    'an environment twice in an account',
    stage({ clusters: [cluster(), cluster({ name: 'second' })] }),
    'test.clusters[1].environments[0]: environment prod in account 222222222222 is declared twice (see test), and its roles are named after it',
  ],
])('%s is found, with its place', (_, entry, finding) => {
  expect(findings({ test: entry as StageEntry })).toEqual([finding]);
});

test('two control planes in one region of an account are refused, because their names are fixed', () => {
  expect(findings({ development: stage({ clusters: [] }), production: stage() })).toEqual([
    'production.region: account 111111111111, region eu-central-1 already holds the control plane of development, and the names are fixed',
  ]);
});

test('an environment whose name begins like one of another cluster in the account is refused: rights go by names', () => {
  const clusters = (account: string) => [
    cluster({ environments: ['prod', 'prod-eu'] }),
    cluster({ name: 'other', account, environments: ['prod-us'], taskExecutionRole: `arn:aws:iam::${account}:role/t` }),
  ];
  expect(findings({ one: stage({ clusters: clusters('333333333333') }) })).toEqual([]);
  expect(findings({ one: stage({ clusters: clusters('222222222222') }) })).toEqual([
    'one.clusters[1].environments[0]: begins with prod-, so that the roles of cluster main in the same account could change what is in prod-us',
  ]);
});

test('an environment that is called like roles and stacks of Slipway or CDK is refused: its rights would reach them', () => {
  const called = (...environments: string[]) => findings({ test: stage({ clusters: [cluster({ environments })] }) });
  expect(called('slipway', 'prod', 'slipway-cluster-main', 'cdk')).toEqual([
    expect.stringMatching(/^test\.clusters\[0\]\.environments\[0\]: is a name of Slipway's own/),
    expect.stringMatching(
      /^test\.clusters\[0\]\.environments\[2\]: .* roles and stacks that begin with slipway-cluster-main-$/,
    ),
    expect.stringMatching(/^test\.clusters\[0\]\.environments\[3\]: is a name of CDK's own/),
  ]);
  expect(called('slipways', 'cdk2', 'my-slipway')).toEqual([]);
});

const byIam = (environments: readonly string[]) =>
  stage({ clusters: [cluster({ environments, databaseAdmins: ['db-ABCDEFGHIJKL01234/o5admin'] })] });

test('where databases are logged in to by IAM, no environment begins like another: users go by names', () => {
  expect(findings({ test: byIam(['prod-eu', 'prod']) })).toEqual([
    'test.clusters[0].environments[0]: begins with prod-, so that migrations of prod could log in to databases of prod-eu: where there are databaseAdmins, give one of them another name or a cluster in another account',
  ]);
  expect(findings({ test: byIam(['prod', 'production', 'prod2']) })).toEqual([]);
});

test('names are refused exactly where migrations of one environment could log in as a user of the other', () => {
  const word = fc.stringMatching(/^[ab][ab-]{1,4}$/);
  const last = fc.stringMatching(/^[ab][ab-]{0,3}$/);
  fc.assert(
    fc.property(word, word, last, last, (one, other, application, suffix) => {
      fc.pre(one !== other);
      const reaches = (own: string, whose: string) =>
        fitsWildcard(`${userPrefix(own)}*`, databaseName(whose, application, suffix));
      expect([reaches(one, one), reaches(other, other)]).toEqual([true, true]);
      const isRefused = findings({ test: byIam([one, other]) }).length > 0;
      expect(isRefused).toBe(reaches(one, other) || reaches(other, one));
    }),
    { numRuns: 500 },
  );
});

describe('getStage', () => {
  test('names the nearest stage, and all of them, for one that is not there', () => {
    expect(() =>
      getStage('prodution', { production: stage(), test: stage({ region: 'eu-west-1', clusters: [] }) }),
    ).toThrow(
      'There is no stage "prodution" in infra/aws/stages.ts; did you mean production? Known: production, test.',
    );
  });

  test('tells everything that is wrong at once, whichever stage is asked for', () => {
    const entries = { good: stage(), bad: stage({ account: '1', region: '2' }) };
    expect(() => getStage('good', entries)).toThrow(
      /stages\.ts bad\.account: [\s\S]*stages\.ts bad\.region: [\s\S]*Nothing was done/,
    );
  });
});
