import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Environment } from '../../functions/domain/environment/environment.ts';
import { standingOf } from '../../functions/domain/migrations/dbmate.ts';
import { pendingHash } from '../../functions/domain/migrations/evaluate-database.ts';
import type { MigrationFile } from '../../functions/domain/migrations/migrations.ts';
import type { Release } from '../../functions/domain/release.ts';
import { databaseFindingsKey, keepFindings } from '../../functions/operations/plan-document.ts';
import { releaseKey, type StepInput } from '../../functions/operations/step-context.ts';
import type { ClusterPorts, Ports, SecretStore } from '../../functions/ports.ts';
import { type FakeMachines, fakeMachines } from './fake-machines.ts';
import { type FakeStacks, type FakeStacksOptions, fakeStacks } from './fake-stacks.ts';
import { type FakeTasks, type FakeTasksOptions, fakeTasks } from './fake-tasks.ts';
import {
  memoryCallbackStore,
  memoryConfigurationStore,
  memoryDatabaseStore,
  memoryDeploymentStore,
  memoryDocumentStore,
  memoryEventStore,
  memoryListenerStore,
  memoryStackStore,
  memoryTargetStore,
} from './memory-stores.ts';
import { aDeployment, identity, someTime } from './records.ts';
import { sampleCluster, sampleEnvironment, sha256 } from './sample-configuration.ts';

export const repository = { id: '1001', owner: 'acme', name: 'shop', installationId: '1' };
export const mainBranch = 'refs/heads/main';

/** What operations of a deployment need; not the parser, the reader of files and the rest that builds a release. */
export type MemoryPorts = Omit<
  Ports,
  | 'parseSql'
  | 'readConfiguration'
  | 'password'
  | 'branches'
  | 'hookDeliveries'
  | 'askCluster'
  | 'probeCluster'
  | 'gitHubSecrets'
  | 'gitHubSettings'
>;

export interface MemorySlipway {
  readonly ports: MemoryPorts;
  readonly stacks: FakeStacks;
  readonly tasks: FakeTasks;
  readonly machines: FakeMachines;
  /** Metrics by name. */
  readonly counted: Readonly<Record<string, number>>;
  readonly measured: Readonly<Record<string, number>>;
  advance(millis: number): void;
  /** Commits on main, oldest first; the last one is its head. */
  readonly pushed: string[];
}

export interface MemoryOptions extends Pick<FakeStacksOptions, 'fails'>, Pick<FakeTasksOptions, 'fate'> {
  readonly environment?: Partial<Environment>;
  readonly onEvent?: (event: AwsEvent) => void;
  readonly onStack?: FakeStacksOptions['onBegin'];
  readonly onTask?: FakeTasksOptions['onBegin'];
  readonly onStart?: Parameters<typeof fakeMachines>[0];
}

/** Slipway without AWS and without a database: the stores in memory, the clouds as small fakes that keep their promises. */
export const memorySlipway = async (options: MemoryOptions = {}): Promise<MemorySlipway> => {
  let now = Date.parse('2026-08-01T10:00:00Z');
  // No two readings are alike, as on a machine that takes time for what it does.
  const clock = { now: () => new Date(now++), sleep: async () => undefined };
  const emit = options.onEvent ?? (() => {});
  const stacks = fakeStacks({
    emit,
    ...(options.fails && { fails: options.fails }),
    ...(options.onStack && { onBegin: options.onStack }),
  });
  const tasks = fakeTasks({
    emit,
    now: () => now,
    migrationsOf: (image) => migrationIds(Number(image.split(':v')[1])),
    ...(options.fate && { fate: options.fate }),
    ...(options.onTask && { onBegin: options.onTask }),
  });
  const machines = fakeMachines(options.onStart);
  const configuration = memoryConfigurationStore();
  await configuration.putCluster(sampleCluster());
  await configuration.putEnvironment({ ...sampleEnvironment(), ...options.environment });
  const counted: Record<string, number> = {};
  const measured: Record<string, number> = {};
  const pushed: string[] = [];
  const aws: ClusterPorts = {
    stacks: stacks.port,
    tasks: tasks.port,
    sql: tasks.sql,
    secrets,
    buckets: { exists: async () => true },
    listeners: { priorities: async () => ({}) },
    images: { digest: async () => 'sha256:1', sendsEvents: () => true },
  };
  return {
    stacks,
    tasks,
    machines,
    counted,
    measured,
    pushed,
    advance: (millis) => {
      now += millis;
    },
    ports: {
      clock,
      hash: sha256,
      log: {
        info: () => {},
        error: () => {},
        count: (metric, value = 1) => {
          counted[metric] = (counted[metric] ?? 0) + value;
        },
        measure: (metric, seconds) => {
          measured[metric] = seconds;
        },
      },
      stacks: memoryStackStore(),
      deployments: memoryDeploymentStore(clock),
      callbacks: memoryCallbackStore(),
      databases: memoryDatabaseStore(),
      configuration,
      targets: memoryTargetStore(),
      listeners: memoryListenerStore(),
      events: memoryEventStore(),
      documents: memoryDocumentStore(),
      machines: machines.port,
      inCluster: () => aws,
      source: sourceOf(pushed),
      reporter: { check: async () => 1, deployment: async () => 2, deploymentStatus: async () => undefined },
    },
  };
};

const secrets: SecretStore = {
  find: async (name) => `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${name}`,
  getOrCreate: async (name) => `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${name}`,
  read: async () => JSON.stringify({ dbuser: 'admin', dbpass: 'secret', dbhost: '127.0.0.1' }),
  write: async () => undefined,
};

const sourceOf = (pushed: readonly string[]): Ports['source'] => ({
  head: async () => pushed.at(-1),
  compare: async (_repository, base, commit) => {
    const [from, to] = [pushed.indexOf(base), pushed.indexOf(commit)];
    return from === to ? 'identical' : to > from ? 'ahead' : 'behind';
  },
  findFile: async () => undefined,
  readFolder: async () => undefined,
  listFolder: async () => undefined,
});

/** `1`, `2`, ... up to the release's number: every release brings one migration more. */
export const migrationIds = (release: number): readonly string[] =>
  Array.from({ length: release }, (_, index) => String(index + 1));

const migrationFile = (id: string): MigrationFile => ({
  id,
  path: `db/migrations/${id}_step.sql`,
  content: '',
  checksum: sha256(id),
});

/** The n-th release of a shop with one database. */
export const aRelease = (n: number): Release => ({
  hash: `r${n}`,
  stackName: 'prod-shop',
  environment: 'prod',
  application: 'shop',
  version: `v${n}`,
  template: { Resources: { Service: { Type: 'AWS::ECS::Service', Properties: { Version: n } } } },
  parameters: [],
  databases: [
    {
      key: 'main',
      databaseName: 'prod_shop_main',
      serverGroup: 'default',
      extensions: [],
      migrate: { name: 'migrate', image: `shop-migrations:v${n}`, cpu: 1, memory: 4, environment: [], secrets: [] },
      migrations: { tool: 'dbmate', files: migrationIds(n).map(migrationFile) },
    },
  ],
  images: {},
  quickMode: false,
});

/** Its databases, as a migration by IAM would have them. */
export const withSidecar = ({ databases }: Release, image = 'sidecar:1'): Pick<Release, 'databases'> => ({
  databases: databases.map(({ migrate, ...database }) => ({
    ...database,
    ...(migrate && { migrate: { ...migrate, sidecar: { image, environment: [] } } }),
  })),
});

export const storeRelease = ({ documents }: Pick<Ports, 'documents'>, release: Release): Promise<void> =>
  documents.put(releaseKey(release.hash), release);

/** A deployment of the n-th release that has claimed its stack; what its steps are told. */
export const claimedDeployment = async (
  { ports }: Pick<MemorySlipway, 'ports'>,
  n = 1,
  given: { readonly deployment?: Partial<Deployment>; readonly release?: Partial<Release> } = {},
) => {
  const { stacks, deployments } = ports;
  const release = { ...aRelease(n), ...given.release };
  const deploymentId = `d-${n}`;
  const { stackName } = release;
  await storeRelease(ports, release);
  await deployments.create(aDeployment({ id: deploymentId, release: release.hash, ...given.deployment }));
  const entry = { deploymentId, kind: 'full', ref: mainBranch, acceptedAt: someTime } as const;
  await stacks.apply(stackName, { type: 'Triggered', entry, fixForward: false }, identity);
  const claimed = await stacks.apply(stackName, { type: 'Claimed', deploymentId });
  const fence = claimed.record?.fence ?? 0;
  await deployments.apply(deploymentId, { type: 'Triggered', fence });
  return { deploymentId, stackName, fence };
};

/** What PGEval would find: the release's migrations that the database lacks. */
export const storeEvaluation = async (
  { ports, tasks }: Pick<MemorySlipway, 'ports' | 'tasks'>,
  input: StepInput,
  n: number,
): Promise<void> => {
  const files = aRelease(n).databases.flatMap(({ migrations }) => migrations.files);
  const { pending } = standingOf(files, { ids: [...tasks.applied], dirty: false });
  await keepFindings(ports.documents, databaseFindingsKey(input, 'main'), async () => ({
    pending: pending.map((file) => ({ ...file, transactional: true, after: false, statements: [] })),
    pendingHash: pendingHash(pending, ports.hash),
  }));
};
