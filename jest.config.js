/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline' }],
  },
  // Two cores are what a newcomer and CI have; loading aws-cdk-lib dominates, so few workers and few fat files.
  maxWorkers: 2,
  // Real servers and whole apps take their time on a busy machine; a test that hangs is ended all the same.
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/slowest-first.js',
  globalSetup: '<rootDir>/test/global-setup.js',
  globalTeardown: '<rootDir>/test/global-teardown.js',
  setupFiles: ['<rootDir>/test/setup.js'],
};
