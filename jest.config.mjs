// ESM mode: npm scripts start jest with --experimental-vm-modules; esbuild strips the types, tsc checks them.
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/types/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.slipway', '<rootDir>/examples'],
  watchPathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.slipway'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/esbuild-transform.mjs' },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  reporters: ['default', '<rootDir>/test/support/count-reporter.mjs'],
  randomize: true,
  maxWorkers: 2,
  testTimeout: 60_000,
};
