import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkEvents } from '../../bin/doctor/check-events.ts';
import { ROOT } from '../../bin/local/synthesise.ts';
import { getStage } from '../../infra/aws/get-stage.ts';
import { applicationFile, serviceFiles } from '../support/example-service.ts';
import { startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';
import { pushBody, type WebhookDoor, webhookDoor } from '../support/webhook.ts';

let slipway: TestSlipway;
let door: WebhookDoor;

beforeAll(async () => {
  slipway = await startTestSlipway();
  door = await webhookDoor(slipway);
  await slipway.configure({
    targets: [
      { branch: ['story/**', 'feature/**'], environment: 'dev' },
      { tag: 'v*', environment: 'dev' },
    ],
  });
}, 60_000);

afterAll(() => slipway?.stop());

interface Outcome {
  readonly outcome: string;
  readonly reason: string;
}

/** What became of a request for each of its targets, or of the request as a whole. */
const outcomesOf = async (name: string): Promise<readonly Outcome[]> => {
  const { executions } = slipway;
  const arn = executions.arnOf('request', name);
  await until(`the request ${name}`, () => executions.find(arn));
  const { status, output, cause } = await executions.ended(arn);
  if (status !== 'SUCCEEDED') throw new Error(`Request ${name} ended ${status}: ${cause}`);
  const { answer, targets } = output as { readonly answer: Outcome; readonly targets: readonly Outcome[] };
  const { outcome, reason } = answer;
  return targets.length > 0 ? targets : [{ outcome: outcome === 'RECEIVED' ? 'IGNORED' : outcome, reason }];
};

const deploymentsOf = (application: string) => slipway.ports.deployments.listOfStack(`dev-${application}`, 50);

/** The delivery with which GitHub told of a commit. */
const deliveryOf = (commit: string) =>
  until(`the delivery of ${commit}`, async () =>
    slipway.github.deliveries().find(({ payload, result }) => result && JSON.parse(payload).after === commit),
  );

const service = (application: string, says = application) => serviceFiles({ application, says });

describe('the webhook', () => {
  const anyPush = pushBody({ ref: 'refs/heads/story/none', after: 'a'.repeat(40) });

  test.each([
    { what: 'a wrong signature', delivery: { secret: 'guessed' }, status: 401, says: /does not match/ },
    {
      what: 'no signature',
      delivery: { headers: { 'x-hub-signature-256': undefined, 'x-hub-signature': undefined } },
      status: 401,
      says: /X-Hub-Signature-256 is missing/,
    },
    {
      what: 'only the old SHA-1 signature',
      delivery: { headers: { 'x-hub-signature-256': undefined } },
      status: 401,
      says: /X-Hub-Signature-256 is missing/,
    },
    {
      what: 'the SHA-1 signature under the name of the other',
      delivery: { headers: { 'x-hub-signature-256': `sha1=${'0'.repeat(40)}` } },
      status: 401,
      says: /does not match/,
    },
    { what: 'a delivery id that is no UUID', delivery: { id: '../../etc' }, status: 400, says: /not a UUID/ },
    { what: 'no delivery id', delivery: { headers: { 'x-github-delivery': undefined } }, status: 400, says: /UUID/ },
    { what: 'another method', delivery: { method: 'PUT' }, status: 404, says: /Not Found/ },
    { what: 'broken JSON', delivery: { body: '{"ref": "refs/heads/main",' }, status: 400, says: /not a push/ },
    { what: 'JSON that is no push', delivery: { body: '["push"]' }, status: 400, says: /not a push/ },
    { what: 'no body', delivery: { body: '' }, status: 400, says: /not a push/ },
    {
      what: 'more than 5 MB',
      delivery: { body: JSON.stringify({ ref: 'x'.repeat(5 * 1024 * 1024) }) },
      status: 413,
      says: /larger than 5242880 bytes/,
    },
  ])('answers $status to $what, and starts nothing', async ({ delivery, status, says }) => {
    const before = await slipway.executions.list('request');
    const answered = await door.deliver({ body: anyPush, ...delivery });
    expect(answered).toMatchObject({ status, message: expect.stringMatching(says) });
    expect(await slipway.executions.list('request')).toEqual(before);
  });

  test.each(['ping', 'issues', 'check_run', 'installation'])('answers 202 to %s and does nothing', async (event) => {
    const { id, status } = await door.deliver({ event, body: '{"zen":"Keep it logically awesome."}' });
    expect(status).toBe(202);
    expect(await slipway.executions.find(slipway.executions.arnOf('request', id))).toBeUndefined();
  });

  test('verifies and reads the raw bytes of a body that arrives in base64', async () => {
    const body = Buffer.from(pushBody({ ref: 'refs/heads/größe-✓', after: 'b'.repeat(40) }));
    const { id, status } = await door.deliver({ body, headers: { 'content-type': 'application/octet-stream' } });
    expect(status).toBe(202);
    expect(await outcomesOf(id)).toEqual([{ outcome: 'IGNORED', reason: 'No target matches refs/heads/größe-✓' }]);
  });

  test('takes the old and the new secret while the secret is rotated, and no other', async () => {
    await door.keep(JSON.stringify(['the-next-secret', door.secret]));
    // The function keeps what it read for five minutes.
    await slipway.clock.advance(5 * 60_000 + 1);
    const deliver = async (secret: string) => (await door.deliver({ event: 'ping', body: '{}', secret })).status;
    expect([await deliver('the-next-secret'), await deliver(door.secret), await deliver('another')]).toEqual([
      202, 202, 401,
    ]);
  });
});

describe('a push', () => {
  test('of a repository that nobody configured ends quietly, with the reason', async () => {
    const repository = { id: 77, name: 'other', owner: { login: 'acme' } };
    const { id } = await door.deliver({
      body: pushBody({ ref: 'refs/heads/main', after: 'c'.repeat(40), repository }),
    });
    expect(await outcomesOf(id)).toMatchObject([
      { outcome: 'IGNORED', reason: expect.stringContaining('acme/other is not configured') },
    ]);
  });

  test('of another repository under the name of a configured one is no push of that one', async () => {
    const repository = { id: 6666, name: 'shop', owner: { login: 'acme' } };
    const { id } = await door.deliver({
      body: pushBody({ ref: 'refs/heads/main', after: 'c'.repeat(40), repository }),
    });
    const [only] = await outcomesOf(id);
    expect(only).toMatchObject({ outcome: 'IGNORED' });
    expect(only?.reason).toMatch(/acme\/shop.*6666.*1001/);
  });

  test('to a branch with shell and template characters in its name is deployed, and runs nothing', async () => {
    const name = 'feature/$(touch${IFS}pwned)`touch${IFS}pwned`;${{secrets}}$.x';
    const branch = await slipway.branch(name);
    const commit = await branch.push(service('quoted'));
    const deployment = await slipway.ended('dev-quoted', commit);
    expect(deployment).toMatchObject({ status: 'DONE', source: { ref: `refs/heads/${name}` } });
    expect(await slipway.ask('/quoted')).toBe('200 quoted');
    const everywhere = readdirSync(slipway.directory, { recursive: true }).map(String);
    expect(everywhere.filter((path) => path.includes('pwned') && !path.includes('feature'))).toEqual([]);
    expect(existsSync(join(ROOT, 'pwned'))).toBe(false);
  });

  test('whose branch cannot exist at GitHub is overtaken, whatever its name would run', async () => {
    const branch = await slipway.branch('story/parent');
    const after = await branch.push(service('parent'));
    const { id } = await door.deliver({ body: pushBody({ ref: 'refs/heads/feature/$(touch x) ?a=b#c', after }) });
    expect(await outcomesOf(id)).toMatchObject([
      { outcome: 'OVERTAKEN', reason: 'refs/heads/feature/$(touch x) ?a=b#c has been deleted since' },
    ]);
    expect((await slipway.ended('dev-parent', after)).status).toBe('DONE');
  });

  test('of a tag without a target ends quietly, and of a tag with one is deployed', async () => {
    const branch = await slipway.branch('unrelated/tagged');
    const commit = await branch.push(service('tagged'));
    await branch.clone.git('tag', 'nightly');
    await branch.clone.git('tag', '--annotate', '--message', 'First version', 'v1');
    await branch.clone.git('push', '--quiet', 'origin', 'nightly', 'v1');
    await slipway.github.settled();
    const delivered = (ref: string) =>
      slipway.github.deliveries().find(({ payload }) => JSON.parse(payload).ref === ref)?.guid ?? '';
    expect(await outcomesOf(delivered('refs/tags/nightly'))).toEqual([
      { outcome: 'IGNORED', reason: 'No target matches refs/tags/nightly' },
    ]);
    expect(await outcomesOf(delivered('refs/tags/v1'))).toMatchObject([{ outcome: 'ACCEPTED' }]);
    expect(await slipway.ended('dev-tagged', commit)).toMatchObject({
      status: 'DONE',
      version: commit,
      source: { ref: 'refs/tags/v1' },
    });
    expect(slipway.github.checkRuns(commit)).toMatchObject([{ conclusion: 'success' }]);
  });

  test('that deletes its branch changes nothing', async () => {
    const branch = await slipway.branch('story/short');
    const commit = await branch.push(service('short'));
    await slipway.ended('dev-short', commit);
    await branch.clone.git('push', '--quiet', 'origin', '--delete', branch.name);
    await slipway.github.settled();
    const deletion = slipway.github.deliveries().find(({ payload }) => JSON.parse(payload).deleted === true);
    expect(await outcomesOf(deletion?.guid ?? '')).toEqual([
      { outcome: 'IGNORED', reason: 'refs/heads/story/short was deleted' },
    ]);
    expect(await deploymentsOf('short')).toHaveLength(1);
    expect(await slipway.ask('/short')).toBe('200 short');
  });

  test('F13: that is delivered again, once or many times at once, is one deployment', async () => {
    const branch = await slipway.branch('story/again');
    const commit = await branch.push(service('again'));
    const delivery = await deliveryOf(commit);
    const { guid: id, payload: body } = delivery;
    const twins = await Promise.all([1, 2, 3].map(() => door.deliver({ id, body })));
    expect(twins.map(({ status }) => status)).toEqual([202, 202, 202]);
    await slipway.ended('dev-again', commit);
    expect((await slipway.github.redeliver(delivery.id))?.result).toMatchObject({ statusCode: 202 });
    // The same push, as if GitHub had made another event of it.
    const other = await door.deliver({ body });
    expect(await outcomesOf(other.id)).toMatchObject([{ outcome: 'DUPLICATE', reason: 'Deployed before: DONE' }]);
    expect(await deploymentsOf('again')).toHaveLength(1);
    expect((await slipway.ports.stacks.find('dev-again'))?.fence).toBe(1);
  });

  test('that arrives late, when its branch has moved on, is overtaken and rolls nothing back', async () => {
    const branch = await slipway.branch('story/late');
    const first = await branch.push(service('late', 'first'));
    await slipway.ended('dev-late', first);
    const second = await branch.push(service('late', 'second'));
    await slipway.ended('dev-late', second);
    const late = await door.deliver({ body: (await deliveryOf(first)).payload });
    expect(await outcomesOf(late.id)).toMatchObject([
      { outcome: 'OVERTAKEN', reason: `refs/heads/story/late has moved on to ${second.slice(0, 12)}` },
    ]);
    expect(await deploymentsOf('late')).toHaveLength(2);
    expect(await slipway.ask('/late')).toBe('200 second');
  });

  test('without an application file ends quietly: no check run, no stack', async () => {
    const branch = await slipway.branch('story/plain');
    const commit = await branch.push({ 'README.md': '# Nothing to deploy\n' });
    const { guid } = await deliveryOf(commit);
    expect(await outcomesOf(guid)).toEqual([{ outcome: 'NONE', reason: 'The commit holds no application file' }]);
    expect(slipway.github.checkRuns(commit)).toEqual([]);
  });

  test('with a wrong configuration is refused as a whole: every error at its file and line, and nothing accepted', async () => {
    const branch = await slipway.branch('story/wrong');
    const wrong = applicationFile('wrong')
      .replace('name: wrong\n', 'name: Wrong!\n')
      .replace('port: 8080', 'port: eighty')
      .replace('containers:', 'containres:');
    const commit = await branch.push({ ...service('wrong'), 'ext/o5/app.yaml': wrong });
    const { guid } = await deliveryOf(commit);
    expect(await outcomesOf(guid)).toMatchObject([{ outcome: 'REJECTED' }]);
    const [check, ...others] = slipway.github.checkRuns(commit);
    expect(others).toEqual([]);
    expect(check).toMatchObject({ name: 'slipway/dev', status: 'completed', conclusion: 'failure' });
    const line = (text: string) => wrong.split('\n').findIndex((each) => each.includes(text)) + 1;
    const at = (text: string, message: RegExp) =>
      expect.objectContaining({
        path: 'ext/o5/app.yaml',
        start_line: line(text),
        annotation_level: 'failure',
        message: expect.stringMatching(message),
      });
    expect(check?.annotations).toEqual(
      expect.arrayContaining([
        at('Wrong!', /^name: /),
        at('eighty', /^runtimes\[0\]\.routes\[0\]\.port: .*number/),
        at('containres', /containres.*did you mean "containers"\?/),
      ]),
    );
    const stacks = await slipway.ports.stacks.list();
    expect(stacks.filter(({ application }) => /wrong/i.test(application))).toEqual([]);
  });
});

describe('a request by hand', () => {
  /** What an operator types into the AWS console. */
  const requested = async (input: object): Promise<readonly Outcome[]> => {
    const name = randomUUID();
    await slipway.executions.start('request', name, input);
    return outcomesOf(name);
  };
  const by = { environment: 'dev', actor: 'ada' };
  const repository = 'acme/shop';

  test('deploys the head of a branch, and a commit that is named', async () => {
    const branch = await slipway.branch('unrelated/byhand');
    const first = await branch.push(service('byhand', 'first'));
    const second = await branch.push(service('byhand', 'second'));
    const ref = 'refs/heads/unrelated/byhand';
    expect(await requested({ ...by, id: 'by-ref', repository, ref })).toMatchObject([{ outcome: 'ACCEPTED' }]);
    expect(await slipway.ended('dev-byhand', second)).toMatchObject({
      status: 'DONE',
      actor: 'ada',
      source: { kind: 'manual', ref },
    });
    expect(slipway.github.checkRuns(second)).toMatchObject([{ conclusion: 'success' }]);
    expect(await requested({ ...by, id: 'by-commit', repository, commit: first })).toMatchObject([
      { outcome: 'ACCEPTED' },
    ]);
    expect(await slipway.ended('dev-byhand', first)).toMatchObject({ status: 'DONE', source: { commit: first } });
    expect(await slipway.ask('/byhand')).toBe('200 first');
  });

  test('under an id that was used before is one deployment', async () => {
    const branch = await slipway.branch('unrelated/same-id');
    const commit = await branch.push(service('sameid'));
    const input = { ...by, id: 'used-twice', repository, commit };
    const both = (await Promise.all([requested(input), requested(input)])).flat();
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['ACCEPTED', 'DUPLICATE']);
    await slipway.ended('dev-sameid', commit);
    expect(await requested(input)).toMatchObject([{ outcome: 'DUPLICATE', reason: 'Deployed before: DONE' }]);
    expect(await deploymentsOf('sameid')).toHaveLength(1);
  });

  test('brings an application file of its own, without a repository', async () => {
    const branch = await slipway.branch('unrelated/image');
    const tag = await branch.push(service('elsewhere', 'inline'));
    await slipway.github.settled();
    const inline = applicationFile('inline').replace('name: shop', `name: shop\n          tag: ${tag}`);
    expect(await requested({ ...by, id: 'inline-1', inline })).toMatchObject([{ outcome: 'ACCEPTED' }]);
    expect(await slipway.ended('dev-inline', 'inline-1')).toMatchObject({ status: 'DONE', version: 'inline-1' });
    expect(await slipway.ask('/inline')).toBe('200 inline');
  });

  test.each([
    {
      what: 'an environment that nobody configured',
      input: { ...by, id: 'r-1', repository, ref: 'refs/heads/main', environment: 'mars' },
      outcome: 'REJECTED',
      says: /Environment mars is not configured/,
    },
    {
      what: 'a repository that nobody configured',
      input: { ...by, id: 'r-2', repository: 'acme/none', ref: 'refs/heads/main' },
      outcome: 'IGNORED',
      says: /acme\/none is not configured/,
    },
    {
      what: 'a branch that does not exist',
      input: { ...by, id: 'r-3', repository, ref: 'refs/heads/story/none' },
      outcome: 'REJECTED',
      says: /refs\/heads\/story\/none does not exist/,
    },
    {
      what: 'a commit that does not exist',
      input: { ...by, id: 'r-4', repository, commit: 'd'.repeat(40) },
      outcome: 'REJECTED',
      says: /acme\/shop has no commit dddd/,
    },
    {
      what: 'an inline file that is no YAML',
      input: { ...by, id: 'r-5', inline: 'name: [' },
      outcome: 'REJECTED',
      says: /inline\.yaml:1/,
    },
    {
      what: 'nothing to deploy',
      input: { ...by, id: 'r-6' },
      outcome: 'REJECTED',
      says: /names either a repository with a ref or a commit, or an inline application file/,
    },
    {
      what: 'an input that cannot be read',
      input: { id: 'a b', environmnet: 'dev', strategy: 'fast' },
      outcome: 'REJECTED',
      says: /cannot be read: .*id.*environment.*actor/s,
    },
  ])('for $what ends with the reason', async ({ input, outcome, says }) => {
    expect(await requested(input)).toMatchObject([{ outcome, reason: expect.stringMatching(says) }]);
  });
});

test('an event that the doctor sends from a cluster arrives at the control plane by the rules of both stacks', async () => {
  const [site] = getStage('example').clusters;
  if (!site) throw new Error('the example has no cluster');
  const { ports, outputs } = slipway;
  const nonce = randomUUID();
  const deployed = { kind: 'deployed', status: 'CREATE_COMPLETE', outputs, ports, call: String } as const;
  const sleep = () => new Promise((done) => setTimeout(done, 5));
  expect(await checkEvents(deployed, site, { nonce, sleep })).toMatchObject({ kind: 'ok' });
  expect(await ports.events.list(`doctor/${nonce}`, 10)).toMatchObject([
    { type: 'ProbeArrived', detail: { cluster: 'local' } },
  ]);
});
