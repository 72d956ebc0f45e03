// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const pushRequests = [
  {
    id: 'reconcile-fe47e880b92efce2e5baae90',
    at: '2026-11-21T11:17:30.055Z',
    _key: '["request","1001","refs/heads/main","08a89af8d1dffa018849f8e7ec9c65e995845ccc"]',
    _revision: 1,
  },
] as const;
