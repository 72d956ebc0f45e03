/** The DynamoDB tables as data: the CDK app makes them from it, the adapters read their keys from it. */
export interface TableShape {
  /** All keys are strings; the capacity is on demand. */
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly indexes: readonly IndexShape[];
}

/** Projects all attributes. Sparse where the attribute stands on some items only: sweeps read indexes, never scan. */
export interface IndexShape {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** Attributes that begin with `_` serve keys and conditions and are no part of the record. */
export const tables = {
  STACKS_TABLE: {
    partitionKey: 'name',
    indexes: [
      { name: 'busy', partitionKey: '_busy', sortKey: 'name' },
      { name: 'all', partitionKey: '_all', sortKey: 'name' },
    ],
  },
  DEPLOYMENTS_TABLE: {
    partitionKey: 'id',
    indexes: [
      { name: 'open', partitionKey: '_open', sortKey: '_order' },
      { name: 'of-stack', partitionKey: 'stackName', sortKey: '_order' },
    ],
  },
  CALLBACKS_TABLE: {
    partitionKey: 'token',
    indexes: [{ name: 'open', partitionKey: '_open', sortKey: '_order' }],
  },
  DATABASES_TABLE: { partitionKey: 'environment', sortKey: 'databaseName', indexes: [] },
  TARGETS_TABLE: { partitionKey: '_key', indexes: [] },
  LISTENERS_TABLE: { partitionKey: 'listenerArn', indexes: [] },
  ENVIRONMENTS_TABLE: { partitionKey: '_all', sortKey: 'fullName', indexes: [] },
  CLUSTERS_TABLE: { partitionKey: 'name', indexes: [] },
  /** Repositories by id, and beside each a pointer item `name:{owner}/{name}` that leads to the id. */
  REPOSITORIES_TABLE: { partitionKey: 'id', indexes: [{ name: 'all', partitionKey: '_all', sortKey: 'id' }] },
  EVENTS_TABLE: { partitionKey: 'subject', sortKey: '_order', indexes: [] },
} as const satisfies Readonly<Record<string, TableShape>>;
