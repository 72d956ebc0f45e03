// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const rotations = [
  {
    key: 'plans/m-67d208af6aadc5099ff3e30b/12/rotation-main.json',
    document: {
      login: 'dev_shop_main_2',
    },
  },
] as const;
