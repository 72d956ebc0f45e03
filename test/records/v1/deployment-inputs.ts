// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const deploymentInputs = [
  {
    deploymentId: 'm-3eb3bd9eadffa0d1338e43f4',
    stackName: 'dev-shop',
    fence: 9,
    databases: ['main'],
    startAtRest: false,
    cancelUpdates: false,
  },
] as const;
