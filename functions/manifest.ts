/** One row per function: what it is called, what it may do, what it is told. Data only; imports nothing. */
export interface FunctionRow {
  /** The one word of a step: handler, operation, test, ASL state and CDK id are named after it. */
  readonly name: string;
  /** `control` once; `cluster` once per account, region and VPC. */
  readonly home: 'control' | 'cluster';
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly tables?: Readonly<Partial<Record<TableKey, 'read' | 'write'>>>;
  readonly documents?: 'read' | 'write';
  readonly machines?: readonly MachineGrant[];
  readonly secrets?: readonly SecretKey[];
  /** May assume the deploy roles of clusters. */
  readonly clusters?: true;
  readonly github?: true;
  /** Files that esbuild does not bundle and that lie beside the bundle, relative to node_modules. */
  readonly extraFiles?: readonly string[];
}

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

const configuration = { ENVIRONMENTS_TABLE: 'read', CLUSTERS_TABLE: 'read' } as const;
const records = { STACKS_TABLE: 'read', DEPLOYMENTS_TABLE: 'write', EVENTS_TABLE: 'write' } as const;

/** A step that decides or acts at once. */
const step = (name: string, more: Partial<FunctionRow> = {}): FunctionRow => ({
  name,
  home: 'control',
  timeoutSeconds: 60,
  memoryMegabytes: 512,
  documents: 'read',
  ...more,
  tables: { ...configuration, ...records, ...more.tables },
});

/** A step that calls out and waits for its callback. */
const waitingStep = (name: string, more: Partial<FunctionRow> = {}): FunctionRow =>
  step(name, {
    clusters: true,
    machines: ['send'],
    ...more,
    tables: { CALLBACKS_TABLE: 'write', ...more.tables },
  });

/** A step that moves the stack to a release, whose rules need priorities. */
const moves = {
  documents: 'write',
  tables: { STACKS_TABLE: 'write', DATABASES_TABLE: 'write', LISTENERS_TABLE: 'write' },
} as const;
const github = { github: true, secrets: ['GITHUB_APP_SECRET_ID'] } as const;
const ends = {
  ...github,
  machines: ['start-deployment', 'find', 'send'],
  tables: { STACKS_TABLE: 'write', CALLBACKS_TABLE: 'write', REPOSITORIES_TABLE: 'read' },
} as const;

export const manifest: readonly FunctionRow[] = [
  {
    name: 'webhook',
    home: 'control',
    timeoutSeconds: 10,
    memoryMegabytes: 512,
    secrets: ['WEBHOOK_SECRET_ID'],
    machines: ['start-request'],
  },

  step('receive-push', { tables: { REPOSITORIES_TABLE: 'read', TARGETS_TABLE: 'write' } }),
  step('find-targets', { tables: { REPOSITORIES_TABLE: 'read' } }),
  step('build-release', { ...github, documents: 'write', tables: { REPOSITORIES_TABLE: 'read' } }),
  // It may read every record and write none: what it works out is a document.
  {
    name: 'preview-plan',
    home: 'control',
    timeoutSeconds: 60,
    memoryMegabytes: 512,
    tables: {
      ...configuration,
      STACKS_TABLE: 'read',
      DEPLOYMENTS_TABLE: 'read',
      DATABASES_TABLE: 'read',
      LISTENERS_TABLE: 'read',
    },
    documents: 'write',
    clusters: true,
    extraFiles: ['libpg-query/wasm/libpg-query.wasm'],
  },
  waitingStep('image-wait', { documents: 'write', tables: { REPOSITORIES_TABLE: 'read' } }),
  step('accept-deployment', {
    ...github,
    tables: { STACKS_TABLE: 'write', TARGETS_TABLE: 'write', REPOSITORIES_TABLE: 'read' },
  }),
  step('dispatch-stack', { ...ends }),
  step('reject-request', { ...github, tables: { REPOSITORIES_TABLE: 'read' } }),

  step('cancel-updates', { clusters: true }),
  waitingStep('stack-wait'),
  waitingStep('stack-create', { tables: { DATABASES_TABLE: 'read' } }),
  waitingStep('cf-upsert', moves),
  step('pg-upsert', { clusters: true, tables: { DATABASES_TABLE: 'write' } }),
  step('pg-eval', {
    clusters: true,
    documents: 'write',
    tables: { DATABASES_TABLE: 'read' },
    extraFiles: ['libpg-query/wasm/libpg-query.wasm'],
  }),
  step('cf-plan', {
    clusters: true,
    documents: 'write',
    tables: { DATABASES_TABLE: 'write', LISTENERS_TABLE: 'write' },
  }),
  step('eval-join', { ...github, documents: 'write', tables: { REPOSITORIES_TABLE: 'read' } }),
  waitingStep('await-approval'),
  waitingStep('scale-down', { tables: { STACKS_TABLE: 'write', DATABASES_TABLE: 'write' }, documents: 'write' }),
  waitingStep('infra-migrate', moves),
  waitingStep('version-migrate', moves),
  waitingStep('scale-up', moves),
  waitingStep('pg-migrate', {
    tables: { DATABASES_TABLE: 'read' },
    extraFiles: ['libpg-query/wasm/libpg-query.wasm'],
  }),
  step('pg-cleanup', { clusters: true, tables: { DATABASES_TABLE: 'read' } }),
  step('import-plan', { clusters: true, documents: 'write' }),
  waitingStep('import', { documents: 'write' }),
  step('pg-destroy', { clusters: true, tables: { DATABASES_TABLE: 'write' } }),
  step('pg-rotate', { clusters: true, documents: 'write', tables: { DATABASES_TABLE: 'write' } }),
  waitingStep('restart'),
  step('pg-retire', { clusters: true, tables: { DATABASES_TABLE: 'read' } }),
  waitingStep('rest', { tables: { DATABASES_TABLE: 'read' } }),
  waitingStep('way-back', moves),
  step('settle-deployment', { ...ends, clusters: true }),

  step('complete-callback', {
    clusters: true,
    documents: 'write',
    machines: ['send'],
    tables: { CALLBACKS_TABLE: 'write', DATABASES_TABLE: 'read' },
    extraFiles: ['libpg-query/wasm/libpg-query.wasm'],
  }),
  step('sweep', {
    ...ends,
    clusters: true,
    documents: 'write',
    tables: { ...ends.tables, DATABASES_TABLE: 'read', TARGETS_TABLE: 'read' },
    extraFiles: ['libpg-query/wasm/libpg-query.wasm'],
  }),
  {
    name: 'reconcile',
    home: 'control',
    timeoutSeconds: 60,
    memoryMegabytes: 512,
    ...github,
    machines: ['start-request', 'find-request'],
    tables: { ...configuration, REPOSITORIES_TABLE: 'write', TARGETS_TABLE: 'write' },
  },

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
