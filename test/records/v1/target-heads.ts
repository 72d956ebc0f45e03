// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const targetHeads = [
  {
    after: '08a89af8d1dffa018849f8e7ec9c65e995845ccc',
    n: 1,
    _key: '1001/refs/heads/main/dev/shop',
    _revision: 1,
  },
] as const;
