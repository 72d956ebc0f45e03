/** Everything the schema knows, in camelCase with long enum names. */
export const completeApplication = {
  name: 'shop',
  targets: [{ name: 'topic' }],
  blobstores: [
    {
      name: 'files',
      grants: [{ principal: 'reader' }],
      emitEvents: true,
      sftpSettings: { users: [{ username: 'a', publicSshKey: 'ssh-ed25519 AAAA' }] },
    },
    { name: 'theirs', ref: { application: 'other', readPermission: true, writePermission: true } },
    { name: 'anybodys', ref: { bucketName: 'bucket' } },
  ],
  databases: [
    {
      name: 'main',
      postgres: {
        dbNameSuffix: 'store',
        serverGroup: 'default',
        dbExtensions: ['uuid-ossp'],
        migrateContainer: { image: { name: 'shop' }, command: ['migrate'] },
        migrations: { tool: 'dbmate', path: 'db/migrations' },
        runOutbox: true,
        outboxDelayable: true,
      },
    },
  ],
  runtimes: [
    {
      name: 'main',
      desiredCount: 2,
      directIngress: true,
      containers: [
        {
          name: 'web',
          image: { name: 'shop', tag: 'v1', registry: 'registry.example' },
          command: ['serve'],
          demand: 'DEMAND_MEDIUM',
          mountDockerSocket: true,
          envVars: [
            { name: 'A', value: '' },
            { name: 'B', database: { databaseName: 'main' } },
            { name: 'C', blobstore: { name: 'files', subPath: 'x', s3Direct: true } },
            { name: 'D', envMap: {} },
            { name: 'E', fromEnv: { name: 'e' } },
            { name: 'F', secret: { secretName: 'keys', jsonKey: 'f' } },
            { name: 'G', o5: 'O5_VAR_ADAPTER_ENDPOINT' },
          ],
        },
        { name: 'side', imageUrl: 'registry.example/side:1' },
      ],
      routes: [
        {
          prefix: '/shop/',
          subdomains: ['www', '*'],
          protocol: 'ROUTE_PROTOCOL_GRPC',
          targetContainer: 'side',
          bypassIngress: true,
          port: 9000,
          routeGroup: 'ROUTE_GROUP_FIRST',
        },
      ],
      subscriptions: [{ name: '/a.Service', envName: '*', targetContainer: 'web', port: 8080, rawMessage: true }],
      workerConfig: { replayChance: 1, deadletterChance: 100, noDeadletters: true },
      namedEnvPolicies: ['mail'],
    },
  ],
  secrets: [{ name: 'keys' }],
  deploymentConfig: { quickMode: true, mode: { use: 'DOWNTIME', reason: 'asked for' } },
};

/** The same document with snake_case keys and short enum names. */
export const snakeCase = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(snakeCase);
  if (typeof node !== 'object' || node === null)
    return typeof node === 'string' ? node.replace(/^(DEMAND|ROUTE_PROTOCOL|ROUTE_GROUP|O5_VAR)_/, '') : node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeCase(value),
    ]),
  );
};
