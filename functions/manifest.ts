/** One row per function: what it is called, what it may do, what it is told. Data only; imports nothing. */
export interface FunctionRow {
  /** The one word of a step: handler, operation, test, ASL state and CDK id are named after it. */
  readonly name: string;
  /** `control` once; `cluster` once per account, region and VPC. */
  readonly home: 'control' | 'cluster';
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly tables?: Readonly<Partial<Record<TableKey, TableAccess>>>;
  readonly documents?: 'read' | 'write';
  readonly machines?: readonly MachineGrant[];
  readonly secrets?: readonly SecretKey[];
  /** May assume the deploy roles of clusters. */
  readonly clusters?: true;
  readonly github?: true;
  /** Called by rules, which wait for no answer: an event that it failed at three times becomes a dead letter. */
  readonly asynchronous?: true;
  /** Somebody's clock runs while it starts: nothing is switched on that makes it start later, such as source maps. */
  readonly quickStart?: true;
  /** Files that esbuild does not bundle and that lie beside the bundle, relative to node_modules. */
  readonly extraFiles?: readonly string[];
}

/**
 * What a function does with the items of a table: `get` one by its key; `list` by a query; `read` both; `add` without a
 * look; `put` after a look, as every conditional write does; `write` all of it. Nothing updates in place or deletes.
 */
export type TableAccess = 'get' | 'list' | 'read' | 'add' | 'put' | 'write';

export type TableKey =
  | 'STACKS_TABLE'
  | 'DEPLOYMENTS_TABLE'
  | 'CALLBACKS_TABLE'
  | 'DATABASES_TABLE'
  | 'TARGETS_TABLE'
  | 'LISTENERS_TABLE'
  | 'ENVIRONMENTS_TABLE'
  | 'CLUSTERS_TABLE'
  | 'REPOSITORIES_TABLE'
  | 'EVENTS_TABLE';

export type SecretKey = 'WEBHOOK_SECRET_ID' | 'GITHUB_APP_SECRET_ID';

/** `send`: SendTaskSuccess and SendTaskFailure; `find`: DescribeExecution of deployments; `find-request`: failed requests and their input. */
export type MachineGrant = 'send' | 'find' | 'find-request' | 'start-request' | 'start-deployment';

const configuration = { ENVIRONMENTS_TABLE: 'get', CLUSTERS_TABLE: 'get' } as const;

/** PostgreSQL's own parser: V8 takes some 600 MB for a moment when it optimises that WebAssembly, after the first text. */
const parsing = { extraFiles: ['libpg-query/wasm/libpg-query.wasm'], memoryMegabytes: 1024 } as const;

/** A state of the request machine. */
const asked = (name: string, more: Partial<FunctionRow>): FunctionRow => ({
  name,
  home: 'control',
  timeoutSeconds: 60,
  memoryMegabytes: 512,
  ...more,
});

/** A step that decides or acts at once: it loads its context, and writes itself down. */
const step = (name: string, more: Partial<FunctionRow> = {}): FunctionRow =>
  asked(name, {
    documents: 'read',
    ...more,
    tables: { ...configuration, STACKS_TABLE: 'get', DEPLOYMENTS_TABLE: 'put', ...more.tables },
  });

/** A step that calls out and waits for its callback. */
const waitingStep = (name: string, more: Partial<FunctionRow> = {}): FunctionRow =>
  step(name, {
    clusters: true,
    machines: ['send'],
    ...more,
    tables: { CALLBACKS_TABLE: 'put', ...more.tables },
  });

/** What reads the records alone. */
const withoutDocuments = ({ documents: _, ...row }: FunctionRow): FunctionRow => row;

/** A step that moves the stack to a release, whose rules need priorities. */
const moves = { documents: 'write', tables: { DATABASES_TABLE: 'put', LISTENERS_TABLE: 'put' } } as const;
const github = { github: true, secrets: ['GITHUB_APP_SECRET_ID'] } as const;
/** It says in GitHub how a deployment stands. */
const reports = { REPOSITORIES_TABLE: 'get' } as const;

export const manifest: readonly FunctionRow[] = [
  {
    name: 'webhook',
    home: 'control',
    timeoutSeconds: 10,
    memoryMegabytes: 512,
    quickStart: true,
    secrets: ['WEBHOOK_SECRET_ID'],
    machines: ['start-request'],
  },

  asked('receive-push', { tables: { REPOSITORIES_TABLE: 'get', TARGETS_TABLE: 'add' } }),
  asked('build-release', {
    ...github,
    documents: 'write',
    // No two applications of a cluster may come to one database: the others are asked for.
    tables: { ...configuration, ENVIRONMENTS_TABLE: 'read', DATABASES_TABLE: 'get', EVENTS_TABLE: 'add' },
  }),
  // It may read every record and write none: what it works out is a document.
  asked('preview-plan', {
    tables: {
      ...configuration,
      STACKS_TABLE: 'get',
      DEPLOYMENTS_TABLE: 'list',
      DATABASES_TABLE: 'get',
      LISTENERS_TABLE: 'get',
    },
    documents: 'write',
    clusters: true,
    ...parsing,
  }),
  asked('image-wait', {
    tables: { ...configuration, CALLBACKS_TABLE: 'put' },
    documents: 'write',
    machines: ['send'],
    clusters: true,
  }),
  asked('accept-deployment', {
    ...github,
    documents: 'read',
    machines: ['start-deployment', 'find'],
    tables: {
      ...reports,
      ENVIRONMENTS_TABLE: 'get',
      STACKS_TABLE: 'put',
      DEPLOYMENTS_TABLE: 'put',
      TARGETS_TABLE: 'put',
    },
  }),
  asked('reject-request', { ...github, documents: 'read', tables: { EVENTS_TABLE: 'add' } }),

  step('cancel-updates', { clusters: true }),
  withoutDocuments(waitingStep('stack-wait')),
  waitingStep('stack-create', { tables: { DATABASES_TABLE: 'get' } }),
  waitingStep('cf-upsert', moves),
  step('pg-upsert', { clusters: true, tables: { DATABASES_TABLE: 'put' } }),
  step('pg-eval', {
    clusters: true,
    documents: 'write',
    tables: { DEPLOYMENTS_TABLE: 'write' },
    ...parsing,
  }),
  step('cf-plan', { ...moves, clusters: true }),
  step('eval-join', { ...github, documents: 'write', tables: { ...reports, DEPLOYMENTS_TABLE: 'write' } }),
  step('await-approval', { machines: ['send'], tables: { CALLBACKS_TABLE: 'put' } }),
  waitingStep('scale-down', { tables: { STACKS_TABLE: 'put' }, documents: 'write' }),
  waitingStep('infra-migrate', moves),
  waitingStep('version-migrate', moves),
  waitingStep('scale-up', moves),
  waitingStep('pg-migrate', {
    tables: { DATABASES_TABLE: 'get' },
    ...parsing,
  }),
  step('pg-cleanup', { clusters: true }),
  step('import-plan', { clusters: true, documents: 'write' }),
  waitingStep('import', { documents: 'write' }),
  step('pg-destroy', { clusters: true, tables: { DATABASES_TABLE: 'put' } }),
  step('pg-rotate', { clusters: true, documents: 'write', tables: { DATABASES_TABLE: 'put' } }),
  waitingStep('restart'),
  step('pg-retire', { clusters: true, tables: { DATABASES_TABLE: 'get' } }),
  waitingStep('rest', { tables: { CALLBACKS_TABLE: 'write' } }),
  waitingStep('way-back', moves),
  asked('settle-deployment', {
    ...github,
    documents: 'read',
    machines: ['start-deployment', 'find'],
    tables: { ...reports, STACKS_TABLE: 'put', DEPLOYMENTS_TABLE: 'put' },
  }),

  step('complete-callback', {
    asynchronous: true,
    clusters: true,
    documents: 'write',
    machines: ['send'],
    tables: { CALLBACKS_TABLE: 'write', EVENTS_TABLE: 'add' },
    ...parsing,
  }),
  step('sweep', {
    ...github,
    asynchronous: true,
    clusters: true,
    documents: 'write',
    machines: ['start-deployment', 'find', 'send'],
    tables: {
      ...reports,
      STACKS_TABLE: 'write',
      DEPLOYMENTS_TABLE: 'write',
      CALLBACKS_TABLE: 'write',
      TARGETS_TABLE: 'get',
    },
    ...parsing,
  }),
  asked('reconcile', {
    ...github,
    asynchronous: true,
    machines: ['start-request', 'find-request'],
    tables: { REPOSITORIES_TABLE: 'write', TARGETS_TABLE: 'put' },
  }),

  // Asked by the command line, which may not take a deploy role itself.
  { name: 'check-cluster', home: 'control', timeoutSeconds: 30, memoryMegabytes: 512, clusters: true },

  { name: 'sql', home: 'cluster', timeoutSeconds: 120, memoryMegabytes: 256 },
];

/** `pg-eval` -> `PGEval`, `cf-plan` -> `CFPlan`, `scale-down` -> `ScaleDown`: state, CDK id and substitution. */
export const pascal = (name: string): string =>
  name
    .split('-')
    .map((word) => (word === 'pg' || word === 'cf' ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');

/** The variables that a function is told, by its row: CDK sets exactly these, the runtime demands exactly these. */
export const variablesOf = ({
  tables = {},
  documents,
  secrets = [],
  machines = [],
}: FunctionRow): readonly string[] => [
  ...Object.keys(tables),
  ...(documents ? ['DOCUMENTS_BUCKET'] : []),
  ...secrets,
  ...(machines.includes('start-request') ? ['REQUEST_MACHINE_ARN'] : []),
  ...(machines.includes('start-deployment') ? ['DEPLOYMENT_MACHINE_ARN'] : []),
];
