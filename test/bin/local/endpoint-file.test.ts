import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findEndpoint, removeEndpoint, writeEndpoint } from '../../../bin/local/endpoint-file.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'test-endpoint-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const endpoint = {
  pid: process.pid,
  endpoint: 'http://127.0.0.1:4000',
  region: 'eu-west-1',
  gitHubApiUrl: 'http://127.0.0.1:4001',
  url: 'http://127.0.0.1:8080',
  outputs: { VariableStacksTable: 'stacks' },
};

test('a Slipway that runs is found by its file, and no more once it took the file away', () => {
  writeEndpoint(directory, endpoint);
  expect(findEndpoint(directory)).toEqual(endpoint);
  removeEndpoint(directory);
  expect(findEndpoint(directory)).toBeUndefined();
});

test('the file of one that was killed leads nowhere', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeEndpoint(directory, { ...endpoint, pid });
  expect(findEndpoint(directory)).toBeUndefined();
});

test('a file that is none of ours is an error, never a guess', () => {
  writeFileSync(join(directory, 'endpoint.json'), '{"pid": "one"}');
  expect(() => findEndpoint(directory)).toThrow('pid');
});
