import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { sign, verify } from '@octokit/webhooks-methods';
import fc from 'fast-check';
import { receivedFrom } from '../../functions/domain/receive.ts';
import { webhookSecretText } from '../../functions/domain/webhook-secrets.ts';
import { handler } from '../../functions/handlers/webhook.ts';
import type { WebhookAnswer, WebhookRequest } from '../../functions/operations/receive-webhook.ts';
import { createSecrets } from '../../infra/local/secrets/secrets.ts';
import { createStepFunctions } from '../../infra/local/sfn/step-functions.ts';
import { create, testWorld } from '../local/test-world.ts';
import { clientOptions, onWire } from '../support/lone-part.ts';

interface Push {
  readonly ref: string;
  readonly after: string;
  readonly deleted: boolean;
  readonly head_commit: { readonly id: string } | null;
  readonly repository: { readonly id: number; readonly name: string };
}
const examples: { name: string; examples: Push[] }[] = createRequire(import.meta.url)('@octokit/webhooks-examples');
const pushes = examples.flatMap((event) => (event.name === 'push' ? event.examples : []));

const SECRET = 'slipway/webhook';
const cleanups: (() => unknown)[] = [];
let secrets: ReturnType<typeof createSecrets>;
let machineArn: string;
let sfn: SFNClient;
let options: ReturnType<typeof clientOptions>;
let minute = 1;
let passed = 0;
const later = (millis: number) => {
  passed += millis;
};

beforeAll(async () => {
  const world = testWorld();
  secrets = createSecrets(world);
  const machines = createStepFunctions(world, { invoke: async () => ({ payload: '{}' }) });
  const front = await onWire({ services: [...(secrets.services ?? []), ...(machines.services ?? [])] });
  options = clientOptions(front);
  sfn = new SFNClient(options);
  cleanups.push(
    () => front.close(),
    () => machines.stop?.(),
    () => sfn.destroy(),
  );
  const definition = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } };
  const made = await create(machines, 'AWS::StepFunctions::StateMachine', 'Request', {
    StateMachineName: 'request',
    RoleArn: 'arn:aws:iam::111122223333:role/request',
    DefinitionString: JSON.stringify(definition),
  });
  machineArn = made.physicalId;
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A fresh instance of the function, as after a cold start. */
let webhook: (request: WebhookRequest) => Promise<WebhookAnswer>;
beforeEach(() => {
  secrets.writeSecret(SECRET, 's3cret');
  webhook = started();
});
const started = (environment: Record<string, string> = {}) => {
  const run = handler.in({
    environment: { WEBHOOK_SECRET_ID: SECRET, REQUEST_MACHINE_ARN: machineArn, ...environment },
    clock: { now: () => new Date(minute * 60_000 + passed), sleep: async () => undefined },
    aws: { region: options.region, endpoint: options.endpoint, credentials: options.credentials },
  });
  return (request: WebhookRequest) => run(request, {} as never) as Promise<WebhookAnswer>;
};

const signed = async (body: string, more: Record<string, string> = {}, secret = 's3cret'): Promise<WebhookRequest> => ({
  headers: {
    'x-github-delivery': randomUUID(),
    'x-github-event': 'push',
    'x-hub-signature-256': await sign(secret, body),
    ...more,
  },
  body,
  isBase64Encoded: false,
});
const inputOf = async (name: string) => {
  const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return JSON.parse(input ?? '');
};
const executions = async () => {
  let count = 0;
  for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
    const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn, nextToken }));
    count += page.executions?.length ?? 0;
    nextToken = page.nextToken;
  }
  return count;
};
const push = (more: object = {}) => ({ ...pushes[0], ...more });
const aPush = JSON.stringify(push());

test('there are pushes of GitHub to test with', () => {
  expect(pushes.length).toBeGreaterThan(2);
});

test.each(pushes.map((one, index) => [index, one.ref, one] as const))(
  'push %i of the examples, to %s, becomes an execution that the next function can read',
  async (_index, _ref, example) => {
    const request = await signed(JSON.stringify(example));
    expect(await webhook(request)).toEqual({ statusCode: 202, body: '{"message":"Accepted"}' });
    const input = await inputOf(request.headers['x-github-delivery'] ?? '');
    expect(input).toMatchObject({
      kind: 'push',
      deliveryId: request.headers['x-github-delivery'],
      repositoryId: String(example.repository.id),
      name: example.repository.name,
      ref: example.ref,
      after: example.after,
    });
    expect(receivedFrom(input).outcome).toBe(example.deleted ? 'IGNORED' : 'RECEIVED');
  },
);

test('of an annotated tag the commit is deployed, not the tag object', async () => {
  const commit = 'c'.repeat(40);
  const tagged = { ref: 'refs/tags/v1', after: 'a'.repeat(40), deleted: false, head_commit: { id: commit } };
  const request = await signed(JSON.stringify(push(tagged)));
  await webhook(request);
  expect(await inputOf(request.headers['x-github-delivery'] ?? '')).toMatchObject({
    ref: 'refs/tags/v1',
    after: commit,
  });
  const gone = await signed(
    JSON.stringify(push({ ref: 'refs/tags/v1', after: '0'.repeat(40), deleted: true, head_commit: null })),
  );
  await webhook(gone);
  expect(receivedFrom(await inputOf(gone.headers['x-github-delivery'] ?? '')).outcome).toBe('IGNORED');
});

test('a body in base64 is verified over its bytes', async () => {
  const text = JSON.stringify(push({ compare: 'ü😀' }));
  const request = await signed(text);
  const encoded = { ...request, body: Buffer.from(text).toString('base64'), isBase64Encoded: true };
  expect((await webhook(encoded)).statusCode).toBe(202);
  expect((await webhook({ ...encoded, isBase64Encoded: false })).statusCode).toBe(401);
});

test('two secrets are valid while one takes the place of the other', async () => {
  secrets.writeSecret(SECRET, '["new","old"]');
  webhook = started();
  for (const secret of ['new', 'old']) expect((await webhook(await signed(aPush, {}, secret))).statusCode).toBe(202);
  expect((await webhook(await signed(aPush, {}, 'older'))).statusCode).toBe(401);
});

test('the empty secret signs nothing, even if somebody stores it', async () => {
  secrets.writeSecret(SECRET, '["", "real"]');
  webhook = started();
  const forged = `sha256=${createHmac('sha256', '').update(aPush).digest('hex')}`;
  expect((await webhook(await signed(aPush, { 'x-hub-signature-256': forged }))).statusCode).toBe(401);
});

test('a delivery that comes again is accepted again, and starts another look once a minute', async () => {
  const request = await signed(aPush);
  const delivery = request.headers['x-github-delivery'] ?? '';
  const before = await executions();
  await webhook(request);
  expect((await webhook(request)).body).toBe('{"message":"Accepted"}');
  expect(await executions()).toBe(before + 1);
  const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${delivery}`;
  await sfn.send(new StopExecutionCommand({ executionArn }));
  expect(await webhook(request)).toEqual({ statusCode: 202, body: '{"message":"Accepted again"}' });
  await webhook(request);
  minute += 1;
  await webhook(request);
  expect(await executions()).toBe(before + 3);
});

test('other events are taken and mean nothing', async () => {
  const before = await executions();
  for (const event of ['ping', 'check_suite', 'installation']) {
    const answer = await webhook(await signed('{}', { 'x-github-event': event }));
    expect(answer).toEqual({
      statusCode: 202,
      body: JSON.stringify({ message: `Nothing to do for the event ${event}` }),
    });
  }
  expect(await executions()).toBe(before);
});

test.each([
  ['no delivery', { 'x-github-delivery': '' }, 400, 'X-GitHub-Delivery'],
  ['a delivery that is no UUID', { 'x-github-delivery': '../../x' }, 400, 'X-GitHub-Delivery'],
  ['no signature', { 'x-hub-signature-256': '' }, 401, 'X-Hub-Signature-256'],
  ['a signature of SHA-1', { 'x-hub-signature-256': 'sha1=aa' }, 401, 'does not match'],
] as const)('a request with %s is refused in words', async (_, headers, statusCode, words) => {
  const answer = await webhook(await signed(aPush, headers));
  expect(answer.statusCode).toBe(statusCode);
  expect(answer.body).toContain(words);
});

test.each([
  ['is no JSON', '{"ref":'],
  ['is null', 'null'],
  ['is a list', '[]'],
  ['has no repository', JSON.stringify({ ...push(), repository: undefined })],
  ['has an owner without a login', JSON.stringify(push({ repository: { id: 1, name: 'x', owner: {} } }))],
  ['has no ref', JSON.stringify({ ...push(), ref: undefined })],
  ['has a ref that is a list', JSON.stringify(push({ ref: ['refs/heads/main'] }))],
])('a signed body that %s is no push', async (_, body) => {
  expect((await webhook(await signed(body))).statusCode).toBe(400);
});

test('a body that Lambda could hardly take is refused before its signature is looked at', async () => {
  const body = 'x'.repeat(5 * 1024 * 1024 + 1);
  expect((await webhook({ headers: {}, body, isBase64Encoded: false })).statusCode).toBe(413);
  const largest = JSON.stringify(push({ padding: 'x'.repeat(4 * 1024 * 1024) }));
  expect((await webhook(await signed(largest))).statusCode).toBe(202);
});

test('before the setup the answer and the log say what to run, and after it the next delivery is taken', async () => {
  const complaints = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    secrets.writeSecret('slipway/unset', '');
    webhook = started({ WEBHOOK_SECRET_ID: 'slipway/unset' });
    const refused = await webhook(await signed(aPush, {}, 'first'));
    expect(refused).toEqual({
      statusCode: 503,
      body: '{"message":"Slipway has no webhook secret yet: run slipway setup github"}',
    });
    expect(JSON.parse(String(complaints.mock.calls[0]?.[0]))).toMatchObject({
      level: 'ERROR',
      message: 'WebhookSecretMissing',
      remedy: expect.stringContaining('slipway setup github'),
    });
    expect((await started({ WEBHOOK_SECRET_ID: 'none' })(await signed(aPush))).statusCode).toBe(503);
    secrets.writeSecret('slipway/unset', 'first');
    later(5_000);
    expect((await webhook(await signed(aPush, {}, 'first'))).statusCode).toBe(202);
  } finally {
    complaints.mockRestore();
  }
});

test('a new secret is taken by an instance that still keeps the old one, which stays valid until it is dropped', async () => {
  const answers = async (secret: string) => (await webhook(await signed(aPush, {}, secret))).statusCode;
  expect(await answers('s3cret')).toBe(202);
  secrets.writeSecret(SECRET, webhookSecretText(['n3w', 's3cret']));
  later(5_000);
  expect([await answers('n3w'), await answers('s3cret')]).toEqual([202, 202]);
  secrets.writeSecret(SECRET, webhookSecretText(['n3w']));
  later(5 * 60_000);
  expect([await answers('n3w'), await answers('s3cret')]).toEqual([202, 401]);
});

test('a function that was told too little names all that is missing', async () => {
  webhook = started({ WEBHOOK_SECRET_ID: '', REQUEST_MACHINE_ARN: '' });
  await expect(webhook(await signed(aPush))).rejects.toThrow(
    'These environment variables are missing: WEBHOOK_SECRET_ID, REQUEST_MACHINE_ARN',
  );
});

/** Anything at all, and pushes that were right before somebody touched them. */
const headers = fc.dictionary(
  fc.constantFrom('x-github-delivery', 'x-github-event', 'x-hub-signature-256', 'content-type', 'x-other'),
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.uuid(),
    fc.constant('push'),
    fc
      .array(fc.integer({ min: 0, max: 15 }), { minLength: 64, maxLength: 64 })
      .map((digits) => `sha256=${digits.map((digit) => digit.toString(16)).join('')}`),
  ),
);
const body = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constant(aPush), fc.constant(undefined));

test('whatever comes, the answer is a status, and nothing starts that was not signed', async () => {
  const before = await executions();
  await fc.assert(
    fc.asyncProperty(headers, body, fc.boolean(), async (given, text, isBase64Encoded) => {
      const request = { headers: given, ...(text !== undefined && { body: text }), isBase64Encoded };
      const { statusCode } = await webhook(request);
      expect([400, 401, 413]).toContain(statusCode);
    }),
    { numRuns: 700 },
  );
  expect(await executions()).toBe(before);
});

test('a signed push that was touched in one place is never accepted', async () => {
  const honest = await signed(aPush);
  const signature = honest.headers['x-hub-signature-256'] ?? '';
  const before = await executions();
  const place = fc.nat({ max: 1_000_000 });
  const touch = fc.constantFrom('body', 'signature', 'cut', 'more');
  await fc.assert(
    fc.asyncProperty(touch, place, fc.integer({ min: 1, max: 255 }), async (kind, at, by) => {
      const bytes = Buffer.from(aPush);
      const digits = Buffer.from(signature);
      const index = at % bytes.length;
      if (kind === 'body') bytes[index] = (bytes[index] ?? 0) ^ by;
      if (kind === 'signature') digits[at % digits.length] = ((digits[at % digits.length] ?? 0) ^ by) & 0x7f;
      const cut = kind === 'cut' ? bytes.subarray(0, index) : bytes;
      const whole = kind === 'more' ? Buffer.concat([bytes, Buffer.from([by])]) : cut;
      const request = {
        headers: { ...honest.headers, 'x-hub-signature-256': digits.toString('latin1') },
        body: whole.toString('base64'),
        isBase64Encoded: true,
      };
      const { statusCode } = await webhook(request);
      const genuine = digits.equals(Buffer.from(signature)) && whole.equals(Buffer.from(aPush));
      expect(statusCode === 202).toBe(genuine);
      if (genuine) expect(await verify('s3cret', aPush, signature)).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(await executions()).toBeLessThanOrEqual(before + 1);
});
