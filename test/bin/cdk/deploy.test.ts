import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT, synthesise } from '../../../bin/local/synthesise.ts';
import { leapingClock } from '../../../infra/local/clock.ts';
import { type Cloud, openWorld, startCloud } from '../../../infra/local/cloud.ts';
import { runCommand } from '../run-command.ts';

let directory: string;
let cloud: Cloud;

// An account that nobody has touched: no bootstrap, no network, no Slipway.
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'test-deploy-'));
  const opened = openWorld({ directory, clock: leapingClock() });
  const path = process.env['PATH'] ?? '';
  cloud = await startCloud(opened, { functions: 'worker', images: [], path, schedules: false });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(directory, { recursive: true, force: true });
});

const variables = () => ({
  AWS_ENDPOINT_URL: cloud.endpoint,
  AWS_ACCESS_KEY_ID: 'operator',
  AWS_SECRET_ACCESS_KEY: 'operator',
  CDK_DISABLE_CLI_TELEMETRY: '1',
});

/** A script of Node with these words, to its end. */
const run = async (script: string, ...words: readonly string[]) => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...words], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: directory, ...variables() },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  return { code, said };
};

const doctor = () => runCommand(['doctor', '--stage', 'example'], variables());

test("CDK's own command line bootstraps the account and deploys the stage, and the doctor sees both", async () => {
  const untouched = await doctor();
  expect(untouched.said).toMatch(/✘ bootstrap of 000000000000 eu-west-1 +There is no stack CDKToolkit/);
  expect(untouched.said).toContain('npx cdk bootstrap aws://000000000000/eu-west-1');
  expect(untouched.code).toBe(1);

  const bootstrap = ['bootstrap', 'aws://000000000000/eu-west-1', '--app', '', '--no-notices'];
  expect(await run('node_modules/aws-cdk/bin/cdk', ...bootstrap)).toMatchObject({ code: 0 });

  // Synthesised once for all tests: that the app can be synthesised by CDK's command line is shown elsewhere.
  const words = ['--stage', 'example', '--app', synthesise(), '--no-notices', '--progress', 'events'];
  const deployed = await run('bin/cdk.ts', 'deploy', ...words, '--require-approval', 'never');
  expect(deployed).toEqual({ code: 0, said: expect.stringContaining('✅  slipway-cluster-local') });

  const after = await doctor();
  expect(after.said).toMatch(/✔ bootstrap of 000000000000 eu-west-1 +version \d+/);
  expect(after.said).toMatch(/✔ right to deploy to 000000000000 eu-west-1/);
  expect(after.said).toMatch(/✔ quota of concurrent functions +1000 functions may run at once/);
  expect(after.said).toMatch(/✔ control plane +stack slipway, CREATE_COMPLETE/);
  // The function ran from the zip that the command line had uploaded.
  expect(after.said).toMatch(
    /✘ webhook +http:\S+ has no secret yet\n +→ Run npm run slipway -- setup github --stage example/,
  );
}, 240_000);
