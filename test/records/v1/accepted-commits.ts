// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const acceptedCommits = [
  {
    commit: '08a89af8d1dffa018849f8e7ec9c65e995845ccc',
    application: 'shop',
    n: 1,
    at: '2026-11-21T11:17:31.295Z',
    _key: '["accepted","1001","refs/heads/main","dev",""]',
    _revision: 1,
  },
] as const;
