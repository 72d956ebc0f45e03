// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const repositoryPointers = [
  {
    id: 'name:acme/shop',
    repositoryId: '1001',
    _revision: 1,
  },
] as const;
