import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { isSigned, type WebhookSettings, webhookCalls } from '../../../functions/adapters/aws/webhook-calls.ts';
import { BETWEEN_LOOKS_MILLIS } from '../../../functions/domain/webhook-secrets.ts';
import { createSecrets } from '../../../infra/local/secrets/secrets.ts';
import { createStepFunctions } from '../../../infra/local/sfn/step-functions.ts';
import { create, testWorld } from '../../local/test-world.ts';
import { onWire } from '../../support/lone-part.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const SECRET = 'slipway/webhook';
const settings = (endpoint: string, more: Partial<WebhookSettings> = {}): WebhookSettings => ({
  region: 'eu-central-1',
  secretId: SECRET,
  machineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:request',
  endpoint,
  accessKeyId: 'operator',
  secretAccessKey: 'secret',
  sessionToken: undefined,
  ...more,
});

/** Secrets Manager and a waiting request machine on one wire; time is what the test says. */
const started = async () => {
  const world = testWorld();
  const secrets = createSecrets(world);
  const machines = createStepFunctions(world, { invoke: async () => ({ payload: '{}' }) });
  const front = await onWire({ services: [...(secrets.services ?? []), ...(machines.services ?? [])] });
  cleanups.push(
    () => machines.stop?.(),
    () => front.close(),
  );
  const definition = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } };
  await create(machines, 'AWS::StepFunctions::StateMachine', 'Request', {
    StateMachineName: 'request',
    RoleArn: 'arn:aws:iam::111122223333:role/request',
    DefinitionString: JSON.stringify(definition),
  });
  const time = { now: 0 };
  const calls = (more: Partial<WebhookSettings> = {}) => webhookCalls(settings(front.url, more), () => time.now);
  return { secrets, time, calls };
};

test.each([
  ['one secret', 's3cret', ['s3cret']],
  ['two while it is rotated', '["new","old"]', ['new', 'old']],
  ['one that only looks like a list', '[not json', ['[not json']],
  ['one that is a number', '42', ['42']],
  ['an empty one is none, because anybody could sign with it', '["", "old"]', ['old']],
])('the webhook secret may be %s', async (_, text, expected) => {
  const { secrets, calls } = await started();
  secrets.writeSecret(SECRET, text);
  expect(await calls().secrets()).toEqual(expected);
});

test('the secret is read once in five minutes', async () => {
  const { secrets, calls, time } = await started();
  secrets.writeSecret(SECRET, 'one');
  const { secrets: read } = calls();
  expect(await read()).toEqual(['one']);
  secrets.writeSecret(SECRET, 'two');
  time.now = 5 * 60_000 - 1;
  expect(await read()).toEqual(['one']);
  time.now = 5 * 60_000;
  expect(await read()).toEqual(['two']);
});

test('before the setup no secret is valid, and it is looked for again', async () => {
  const { secrets, calls, time } = await started();
  const { secrets: read } = calls();
  expect(await read()).toEqual([]);
  secrets.writeSecret(SECRET, 'one');
  time.now = BETWEEN_LOOKS_MILLIS;
  expect(await read()).toEqual(['one']);
});

test('an execution is started once for a name', async () => {
  const { calls } = await started();
  const { start } = calls();
  expect(await start('delivery', { after: 'a' })).toBe(true);
  expect(await start('delivery', { after: 'b' })).toBe(false);
  expect(await start('delivery-1', { after: 'b' })).toBe(true);
});

test('a machine that is missing is a fault with the name that AWS gives it', async () => {
  const { calls } = await started();
  const { start } = calls({ machineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:none' });
  await expect(start('delivery', {})).rejects.toMatchObject({
    name: 'StateMachineDoesNotExist',
    message: expect.stringContaining('StartExecution answered 400'),
  });
});

/** AWS as a row of statuses; the last one stays. */
const answering = async (...statuses: number[]) => {
  const seen: { authorization: string; token: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    seen.push({
      authorization: request.headers.authorization ?? '',
      token: request.headers['x-amz-security-token']?.toString(),
    });
    request.resume();
    response.writeHead(status ?? 500, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(status === 200 ? '{"SecretString":"s"}' : 'not json');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
};

test('calls are signed for their service, with the session of the function', async () => {
  const aws = await answering(200);
  const { secrets, start } = webhookCalls(settings(aws.url, { sessionToken: 'session' }), () => 0);
  await secrets();
  await start('delivery', {});
  expect(aws.seen.map(({ authorization }) => /\/([a-z]+)\/aws4_request/.exec(authorization)?.[1])).toEqual([
    'secretsmanager',
    'states',
  ]);
  expect(aws.seen.map(({ token }) => token)).toEqual(['session', 'session']);
});

test('a service that is busy is asked again, twice at most', async () => {
  const once = await answering(503, 200);
  expect(await webhookCalls(settings(once.url), () => 0).secrets()).toEqual(['s']);
  const never = await answering(500);
  await expect(webhookCalls(settings(never.url), () => 0).start('delivery', {})).rejects.toThrow('answered 500');
  expect(never.seen).toHaveLength(3);
});

test('a signature is compared byte by byte, over the raw body', () => {
  const body = Buffer.from('{"a": 1}');
  // printf '{"a": 1}' | openssl dgst -sha256 -hmac secret
  const signature = 'sha256=9efa14a18410a57a432fbf0ce38d4bc33339036a64e57b8c86da0bb1e122d972';
  expect(isSigned(body, signature, 'secret')).toBe(true);
  expect(isSigned(body, signature, 'other')).toBe(false);
  expect(isSigned(Buffer.from('{"a":1}'), signature, 'secret')).toBe(false);
  for (const wrong of [
    '',
    'sha256=',
    signature.slice(7),
    signature.slice(0, -1),
    `${signature}0`,
    signature.toUpperCase(),
  ])
    expect(isSigned(body, wrong, 'secret')).toBe(false);
});
