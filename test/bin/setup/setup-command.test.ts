import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { setup } from '../../../bin/commands/setup.ts';
import { outputIdOf } from '../../../infra/aws/names.ts';
import { createSecrets } from '../../../infra/local/secrets/secrets.ts';
import type { WireService } from '../../../infra/local/wire/service.ts';
import { testWorld } from '../../local/test-world.ts';
import { onWire } from '../../support/lone-part.ts';
import { plain } from './plain-output.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const VARIABLES = { AWS_REGION: 'eu-west-3', AWS_ACCESS_KEY_ID: 'operator', AWS_SECRET_ACCESS_KEY: 'operator' };
let said: string[];
let regions: string[];

/** Gives the exit code; what is said is kept. */
const run = (options: Readonly<Record<string, string | true>>, what = 'github') => {
  const entries = Object.entries(options);
  const given = {
    operands: [what],
    switches: new Set(entries.filter(([, value]) => value === true).map(([name]) => name)),
    values: Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== true)),
  };
  const tell = (line: string) => void said.push(line);
  return setup.run(given, { ...plain, line: tell, aside: tell });
};

/** An account with the stack of a control plane, as CloudFormation describes it. */
const account = async (number: string) => {
  const cloudFormation: WireService = {
    scope: 'cloudformation',
    handle: async ({ headers }) => {
      regions.push(/\/\d{8}\/([\w-]+)\/cloudformation/.exec(headers['authorization'] ?? '')?.[1] ?? '');
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: describedStack(number) };
    },
  };
  const front = await onWire({ services: [cloudFormation, ...(createSecrets(testWorld()).services ?? [])] });
  cleanups.push(() => front.close());
  process.env['AWS_ENDPOINT_URL'] = front.url;
};

const describedStack = (number: string): string => {
  const outputs = {
    WebhookUrl: 'https://a.example/webhook',
    [outputIdOf('GITHUB_APP_SECRET_ID')]: 'slipway/github-app',
    [outputIdOf('REQUEST_MACHINE_ARN')]: `arn:aws:states:eu-west-1:${number}:stateMachine:slipway-request`,
  };
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>slipway</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
};

beforeEach(() => {
  said = [];
  regions = [];
  const before = { ...process.env };
  Object.assign(process.env, VARIABLES);
  cleanups.push(() => {
    for (const name of [...Object.keys(VARIABLES), 'AWS_ENDPOINT_URL'])
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  });
});

test('words that cannot stand together are refused before anything is asked', async () => {
  expect(await run({}, 'gitlab')).toBe(2);
  expect(await run({ 'rotate-key': true, name: 'x' })).toBe(2);
  expect(said).toEqual([
    'slipway setup knows github, found "gitlab". Nothing was done. See slipway setup --help.',
    '--rotate-key takes no --name. Nothing was done. See slipway setup --help.',
  ]);
});

test('a stage is looked for in its own region, and named again in what to run next', async () => {
  await account('000000000000');
  await expect(run({ 'rotate-key': true, stage: 'example' })).rejects.toThrow(
    /^No GitHub App is stored\. Run npm run slipway -- setup github --stage example\.$/,
  );
  expect(regions).toEqual(['eu-west-1']);
});

test('credentials of another account than that of the stage change nothing', async () => {
  await account('999999999999');
  await expect(run({ stage: 'example' })).rejects.toThrow(
    'These credentials are of the account 999999999999, and the stage example is in 000000000000. Nothing was changed',
  );
});

test('a stage that does not exist is answered with the nearest one', async () => {
  await expect(run({ stage: 'exampel' })).rejects.toThrow(/There is no stage "exampel".*did you mean example/);
});
