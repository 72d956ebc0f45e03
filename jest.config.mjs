// ESM mode: npm scripts start jest with --experimental-vm-modules; esbuild strips the types, tsc checks them.
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/types/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.slipway', '<rootDir>/examples'],
  watchPathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.slipway'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/esbuild-transform.mjs' },
  testEnvironment: '<rootDir>/test/support/plain-global.mjs',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  reporters: ['default', '<rootDir>/test/support/grants-reporter.mjs', '<rootDir>/test/support/count-reporter.mjs'],
  testSequencer: '<rootDir>/test/support/stories-first.mjs',
  randomize: true,
  // One more than two processors: a story waits for its processes a fifth of the time.
  maxWorkers: 3,
  // A worker keeps every module that any of its files has loaded: after a hundred of them it is a gigabyte, and slow to fork.
  workerIdleMemoryLimit: '600MB',
  testTimeout: 60_000,
};
