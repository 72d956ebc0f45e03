/** Every kind of record that one version of Slipway writes and another one reads; each has a file of examples. */
export const recordKinds = {
  stacks: 'STACKS_TABLE',
  deployments: 'DEPLOYMENTS_TABLE',
  callbacks: 'CALLBACKS_TABLE',
  databases: 'DATABASES_TABLE',
  targetHeads: 'TARGETS_TABLE',
  acceptedCommits: 'TARGETS_TABLE',
  pushRequests: 'TARGETS_TABLE',
  deliveryLooks: 'TARGETS_TABLE',
  listeners: 'LISTENERS_TABLE',
  environments: 'ENVIRONMENTS_TABLE',
  clusters: 'CLUSTERS_TABLE',
  repositories: 'REPOSITORIES_TABLE',
  repositoryPointers: 'REPOSITORIES_TABLE',
  events: 'EVENTS_TABLE',
  drafts: 'drafts/',
  releases: 'releases/',
  plans: 'plan.json',
  stackFindings: 'stack.json',
  databaseFindings: 'postgres-',
  importFindings: 'import.json',
  rotations: 'rotation-',
  previews: 'previews/',
  requestInputs: 'request machine',
  deploymentInputs: 'deployment machine',
} as const;

export type RecordKind = keyof typeof recordKinds;

/** The kind of an item, by its table and, where a table holds several kinds, by its key. */
export const kindOfItem = (table: string, item: Readonly<Record<string, unknown>>): RecordKind => {
  if (table === 'TARGETS_TABLE') return kindOfTarget(String(item['_key']));
  if (table === 'REPOSITORIES_TABLE')
    return String(item['id']).startsWith('name:') ? 'repositoryPointers' : 'repositories';
  const found = (Object.keys(recordKinds) as RecordKind[]).find((kind) => recordKinds[kind] === table);
  if (!found) throw new Error(`No kind of record stands in ${table}`);
  return found;
};

const kindOfTarget = (key: string): RecordKind => {
  if (key === 'deliveries') return 'deliveryLooks';
  if (key.startsWith('["accepted"')) return 'acceptedCommits';
  return key.startsWith('[') ? 'pushRequests' : 'targetHeads';
};

/** The kind of a document, by its key; a template is read by CloudFormation alone. */
export const kindOfDocument = (key: string): RecordKind | undefined => {
  if (key.startsWith('templates/')) return undefined;
  const name = key.startsWith('plans/') ? (key.split('/').at(-1) ?? '') : key;
  const found = DOCUMENTS.find((kind) => name.startsWith(recordKinds[kind]));
  if (!found) throw new Error(`${key} is a document of no kind in test/records/kinds.ts: add it, and record again`);
  return found;
};

const DOCUMENTS = [
  'drafts',
  'releases',
  'plans',
  'stackFindings',
  'databaseFindings',
  'importFindings',
  'rotations',
  'previews',
] as const satisfies readonly RecordKind[];
