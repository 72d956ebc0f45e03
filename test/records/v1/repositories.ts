// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const repositories = [
  {
    owner: 'acme',
    name: 'shop',
    id: '1001',
    installationId: '1',
    checksEnabled: true,
    targets: [
      {
        repositoryId: '1001',
        ref: 'refs/heads/main',
        environment: 'dev',
      },
      {
        repositoryId: '1001',
        ref: 'refs/heads/signed/**',
        environment: 'dev-signed',
      },
    ],
    _all: 'repository',
    _revision: 1,
  },
] as const;
