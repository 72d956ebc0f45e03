import { expect, test } from '@jest/globals';
import { type ClusterCheck, clusterVersion } from '../../functions/domain/environment/cluster-check.ts';
import { checkCluster } from '../../functions/operations/check-cluster.ts';
import type { CfnStack, ClusterPorts, ProbeCluster } from '../../functions/ports.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

const clock = { now: () => new Date('2026-08-01T10:00:00Z'), sleep: async () => undefined };
const { aws } = sampleCluster();
const outputs = {
  Version: String(clusterVersion),
  DeployRoleArn: aws.deployRoleArn,
  CloudFormationRoleArn: 'arn:aws:iam::000000000000:role/cloudformation',
  BoundaryArn: aws.boundaryArn,
  SqlFunctionArn: aws.sqlFunctionArn ?? '',
  MigratorRole1: 'prod=arn:aws:iam::000000000000:role/migrate-prod',
  MigrationTaskRole1: 'prod=arn:aws:iam::000000000000:role/migration-task-prod',
  Policy1: 'arn:aws:iam::aws:policy/Mail',
  Policy2: 'arn:aws:iam::aws:policy/Tracing',
  Bucket1: 'shared-files',
};
const cluster = sampleCluster({ cloudFormationRoleArn: outputs.CloudFormationRoleArn });

const asked = async (find: () => Promise<Partial<CfnStack> | undefined>): Promise<ClusterCheck> => {
  const inCluster = () => ({ stacks: { find } }) as unknown as ClusterPorts;
  return checkCluster({ inCluster, clock, probeCluster: async () => undefined }, { cluster });
};
const standing = (more: Readonly<Record<string, string>> = {}) =>
  asked(async () => ({ usable: true, status: 'CREATE_COMPLETE', outputs: { ...outputs, ...more } }));

test('a stack that says what the configuration says has answered, with its environments and policies', async () => {
  expect(await standing()).toEqual({
    kind: 'answered',
    answer: {
      at: '2026-08-01T10:00:00.000Z',
      version: clusterVersion,
      environments: ['prod'],
      policies: ['arn:aws:iam::aws:policy/Mail', 'arn:aws:iam::aws:policy/Tracing'],
      buckets: ['shared-files'],
      databaseAdmins: [],
    },
  });
});

test('everything that differs is named at once, by its place in the configuration', async () => {
  const elsewhere = 'arn:aws:iam::000000000000:policy/elsewhere';
  const check = await standing({
    BoundaryArn: elsewhere,
    MigratorRole2: 'dev=arn:aws:iam::000000000000:role/migrate-dev',
  });
  expect(check).toMatchObject({
    kind: 'different',
    differences: [
      { keyPath: 'cluster.aws.boundaryArn', configured: aws.boundaryArn, found: elsewhere },
      {
        keyPath: 'cluster.aws.migratorRoles.dev',
        configured: 'nothing',
        found: 'arn:aws:iam::000000000000:role/migrate-dev',
      },
    ],
    remedy: expect.stringContaining('slipway-cluster-main'),
  });
});

test('roles that migrations log in with are compared by environment, and administrators by IAM are told', async () => {
  const dev = 'arn:aws:iam::000000000000:role/slipway-migration-dev';
  const said = { MigrationTaskRole2: `dev=${dev}`, DatabaseAdmin1: 'db-ABC/admin', DatabaseAdmin2: 'db-DEF/admin' };
  expect(await standing(said)).toMatchObject({
    kind: 'different',
    differences: [{ keyPath: 'cluster.aws.migrationTaskRoles.dev', configured: 'nothing', found: dev }],
  });
  const prod = cluster.aws.migrationTaskRoles;
  const check = async (migrationTaskRoles: Readonly<Record<string, string>>) => {
    const stack = { usable: true, status: 'CREATE_COMPLETE', outputs: { ...outputs, ...said } };
    const inCluster = () => ({ stacks: { find: async () => stack } }) as unknown as ClusterPorts;
    const named = { ...cluster, aws: { ...cluster.aws, migrationTaskRoles: { ...prod, ...migrationTaskRoles } } };
    return checkCluster({ inCluster, clock, probeCluster: async () => undefined }, { cluster: named });
  };
  expect(await check({ dev })).toMatchObject({
    kind: 'answered',
    answer: { databaseAdmins: ['db-ABC/admin', 'db-DEF/admin'] },
  });
  expect(await check({ dev, test: dev })).toMatchObject({
    differences: [{ keyPath: 'cluster.aws.migrationTaskRoles.test', configured: dev, found: 'nothing' }],
  });
});

test('a bus that the cluster stack gives no rights to differs, and one that no configuration names is no fault', async () => {
  const [configured, found] = ['applications', 'others'].map(
    (name) => `arn:aws:events:eu-central-1:000000000000:event-bus/${name}`,
  );
  const stack = { usable: true, status: 'CREATE_COMPLETE', outputs: { ...outputs, EventBusArn: found } };
  const inCluster = () => ({ stacks: { find: async () => stack } }) as unknown as ClusterPorts;
  const aws = { ...cluster.aws, eventBridge: { eventBusArn: String(configured) } };
  const ports = { inCluster, clock, probeCluster: async () => undefined };
  expect(await checkCluster(ports, { cluster: { ...cluster, aws } })).toMatchObject({
    kind: 'different',
    differences: [{ keyPath: 'cluster.aws.eventBridge.eventBusArn', configured, found }],
  });
  expect(await checkCluster(ports, { cluster })).toMatchObject({ kind: 'answered' });
});

test.each([
  ['is missing', async () => undefined, 'There is no stack slipway-cluster-main in account 000000000000, eu-central-1'],
  [
    'is at no rest',
    async () => ({ usable: false, status: 'UPDATE_ROLLBACK_FAILED', outputs }),
    'stands at UPDATE_ROLLBACK_FAILED',
  ],
  [
    'is older than what steps need',
    async () => ({ usable: true, status: 'CREATE_COMPLETE', outputs: { ...outputs, Version: '0' } }),
    'is of version 0, and version 2 is needed',
  ],
  [
    'tells nothing of itself',
    async () => ({ usable: true, status: 'CREATE_COMPLETE', outputs: {} }),
    'is of version 0, and version 2 is needed',
  ],
  [
    'does not let us in',
    async () => {
      throw new Error('User: x is not authorized to perform: sts:AssumeRole');
    },
    'cannot be asked as arn:aws:iam::000000000000:role/deploy: User: x is not authorized',
  ],
])('a stack that %s is silent, and says what to do', async (_case, find, message) => {
  expect(await asked(find)).toEqual({
    kind: 'silent',
    message: expect.stringContaining(message),
    remedy: expect.stringMatching(/npm run deploy/),
  });
});

test('a probe is sent by the same way when the stack is there, and one that cannot be sent makes the cluster silent', async () => {
  const stack = { usable: true, status: 'CREATE_COMPLETE', outputs };
  const check = async (found: object | undefined, probeCluster: ProbeCluster) => {
    const inCluster = () => ({ stacks: { find: async () => found } }) as unknown as ClusterPorts;
    return checkCluster({ inCluster, clock, probeCluster }, { cluster, probe: 'nonce-01' });
  };
  const sent: string[] = [];
  const send: ProbeCluster = async ({ name }, nonce) => {
    sent.push(`${name} ${nonce}`);
  };
  expect(await check(stack, send)).toMatchObject({ kind: 'answered' });
  expect(await check(undefined, send)).toMatchObject({ kind: 'silent' });
  expect(sent).toEqual([`${cluster.name} nonce-01`]);
  const refuse: ProbeCluster = async () => {
    throw new Error('not authorized to perform: events:PutEvents');
  };
  expect(await check(stack, refuse)).toMatchObject({
    kind: 'silent',
    message: expect.stringContaining('not authorized to perform: events:PutEvents'),
  });
});
