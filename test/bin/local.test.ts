import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apply } from '../../bin/commands/apply.ts';
import { approve } from '../../bin/commands/approve.ts';
import { doctor } from '../../bin/commands/doctor.ts';
import { refuse } from '../../bin/commands/refuse.ts';
import { resume } from '../../bin/commands/resume.ts';
import { status } from '../../bin/commands/status.ts';
import { ROOT } from '../../bin/local/synthesise.ts';
import { RELEASES } from '../../bin/local/working-clone.ts';
import { gitEnvironment } from '../../infra/local/github/git.ts';
import { accountOf } from '../support/account.ts';
import { until } from '../support/until.ts';
import { type Answered, owner } from './owner.ts';
import { processesNaming } from './processes-naming.ts';
import { type RunningCommand, runCommand, startCommand } from './run-command.ts';

// What `npm start` runs, as a process of its own, and beside it what a developer and an owner type. It is told once, in
// order; the tests only read. The folder lies below the repository, where the example finds its packages.
const home = join(ROOT, '.slipway/tests', `command-${process.pid}`);
const directory = join(home, 'state');
const shop = join(directory, 'shop');
const type = owner(directory);

const git = (...words: string[]) =>
  execFileSync('git', ['-C', shop, ...words], { encoding: 'utf8', env: gitEnvironment() }).trim();

/** Commits and pushes what is in the clone; what is said until then, with the commit's hash taken out. */
const push = async (slipway: RunningCommand, message: string, end: string): Promise<string> => {
  const from = slipway.said().length;
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
  git('push', '--quiet');
  const news = () =>
    slipway
      .said()
      .slice(from)
      .replaceAll(git('rev-parse', '--short=7', 'HEAD'), 'COMMIT');
  await until(
    `${message}: ${end}`,
    async () => news().includes(end),
    async () => slipway.said(),
  );
  return news();
};

const edit = (file: string, from: string, to: string) => {
  const text = readFileSync(join(shop, file), 'utf8');
  writeFileSync(join(shop, file), text.replace(from, to));
};

/** examples/local.yaml with another line in it. */
const configuration = (from: string, to: string): string => {
  const file = join(home, 'slipway.yaml');
  writeFileSync(file, readFileSync(join(ROOT, 'examples/local.yaml'), 'utf8').replace(from, to));
  return file;
};

const said: Record<string, string> = {};
const answered: Record<string, Answered> = {};
let codes: Readonly<Record<'second' | 'stopped' | 'resumed', number | string>>;
let left: readonly string[];
let countAfterDowntime: number | undefined;

const signPlans = async (slipway: RunningCommand) => {
  answered['apply'] = await type(apply, [configuration('approval: never', 'approval: always')], { actor: 'ada' });
  cpSync(join(RELEASES, '05-large-prices/db'), join(shop, 'db'), { recursive: true });
  said['asking'] = await push(slipway, 'Large prices', 'approve d-');
  const [, id = ''] = /approve (d-\w+)/.exec(said['asking']) ?? [];
  answered['asked'] = await type(status, ['dev-shop']);
  answered['plan'] = await type(approve, [id]);
  answered['wrong hash'] = await type(approve, [id], { hash: 'abc' });
  const plan = await type(approve, [id], {}, ['json']);
  const hash = String(JSON.parse(plan.out[0] ?? '{}').hash);
  // Somebody doubles the service by hand before the downtime: nobody may forget that.
  const account = accountOf(JSON.parse(readFileSync(join(directory, 'endpoint.json'), 'utf8')));
  const services = () => account.services('dev-shop');
  await account.scale((await services())[0], 2);
  const from = slipway.said().length;
  answered['approved'] = await type(approve, [id], { hash, actor: 'ada' });
  await until('the downtime to end', async () => slipway.said().slice(from).includes('answers'));
  said['approved'] = slipway.said().slice(from);
  countAfterDowntime = (await services())[0]?.desiredCount;
  answered['approved again'] = await type(approve, [id], { hash, actor: 'ada' });

  edit('server.js', 'Welcome', 'Goodbye');
  const asking = await push(slipway, 'Goodbye', 'approve d-');
  const [, other = ''] = /approve (d-\w+)/.exec(asking) ?? [];
  const view = await type(refuse, [other], {}, ['json']);
  answered['refused'] = await type(refuse, [other], { hash: JSON.parse(view.out[0] ?? '{}').hash, actor: 'ada' });
  await until('the refusal to be said', async () => slipway.said().includes('ada refused the plan'));
  await type(apply, [join(ROOT, 'examples/local.yaml')]);
};

/** With the environment's own credentials, and the control plane's stack as the only thing that is known. */
const askAsOnAws = async () => {
  const { endpoint } = JSON.parse(readFileSync(join(directory, 'endpoint.json'), 'utf8'));
  const account = { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'operator', AWS_SECRET_ACCESS_KEY: 'operator' };
  said['on AWS'] = (await runCommand(['status', '--stack', 'slipway'], account)).said;
  said['no such stack'] = (await runCommand(['status', '--stack', 'slipwy'], account)).said;
};

beforeAll(async () => {
  mkdirSync(home, { recursive: true });
  const slipway = startCommand(['local', '--directory', directory]);
  try {
    await slipway.says('Waiting for the next push');
    said['start'] = slipway.said();
    const second = await runCommand(['local', '--fresh', '--directory', directory]);
    said['second'] = second.said;
    answered['bad configuration'] = await type(apply, [configuration('approval: never', 'aproval: never')]);
    answered['no configuration'] = await type(apply, [join(home, 'nowhere.yaml')]);
    await askAsOnAws();
    answered['doctor'] = await type(doctor, [], { environment: 'dev' });
    answered['doctor of an unknown environment'] = await type(doctor, [], { environment: 'de' });
    await signPlans(slipway);
    edit('ext/o5/app.yaml', 'demand: LIGHT', 'demnad: LIGHT');
    said['typing error'] = await push(slipway, 'A typing error', 'push again');
    edit('ext/o5/app.yaml', 'demnad: LIGHT', 'demand: LIGHT');
    cpSync(join(RELEASES, '07-broken-reviews/db'), join(shop, 'db'), { recursive: true });
    said['broken'] = await push(slipway, 'Reviews', 'Way back');
    answered['broken'] = await type(status, ['dev-shop']);
    answered['resumed'] = await type(resume, ['dev-shop'], { actor: 'ada' });
    answered['resumed again'] = await type(resume, ['dev-shop']);
    answered['unknown stack'] = await type(status, ['dev-shp']);
    answered['unknown deployment'] = await type(approve, ['d-0']);
    slipway.child.kill('SIGINT');
    const stopped = await slipway.ended;
    left = processesNaming(directory);
    said['stop'] = slipway.said();
    const resumed = await runCommand(['local', '--once', '--directory', directory]);
    said['resumed'] = resumed.said;
    codes = { second: second.code, stopped, resumed: resumed.code };
  } finally {
    slipway.child.kill('SIGINT');
    await slipway.ended;
  }
}, 240_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('`npm start`', () => {
  test('says what it does, shows the plan step by step with its mode, and ends with what the service answers', () => {
    const steps = ['StackCreate', 'CFPlan', 'PGEval.main', 'EvalJoin', 'PGMigrate.main', 'VersionMigrate'];
    const lines = [
      'Starting the embedded cloud',
      'Applying examples/local.yaml',
      'Cloning acme/shop to',
      'Push of ',
      'mode BEFORE, no outage expected',
      'This is the first release',
      ...steps.map((step) => `: ${step} DONE after `),
      'answers 200 OK: Welcome to the shop',
      'Try next',
    ];
    for (const line of lines) expect(said['start']).toContain(line);
  });

  test('on a folder that is in use is refused, whatever is asked', () => {
    expect(codes.second).toBe(1);
    expect(said['second']).toMatch(/^Another Slipway \(process \d+\) runs on .*: stop it with Ctrl-C.*\n$/);
  });

  test('shows every place of a refused configuration', () => {
    expect(said['typing error']).toContain('COMMIT for dev was refused: The application file is not valid');
    expect(said['typing error']).toMatch(/ext\/o5\/app\.yaml:13:9 .*demnad: unknown key .*did you mean "demand"/);
  });

  test('shows why a deployment failed, the end of its log, what serves, and the way back', () => {
    for (const line of [
      'dev-shop COMMIT FAILED',
      'What happened:      Migration db/migrations/20260601000000_create_reviews.sql',
      'relation "product" does not exist',
      'State of the world: The version table',
      'What serves:        http://127.0.0.1:',
      'answers 200 OK: Welcome to the shop',
      'Way back:           dev-shop is BROKEN',
    ])
      expect(said['broken']).toContain(line);
  });

  test('ends on Ctrl-C with 0 and leaves no process', () => {
    expect(codes.stopped).toBe(0);
    expect(said['stop']).toMatch(/Stopping.*\nNothing is left running\..*\n$/);
    expect(left).toEqual([]);
  });

  test('resumes what it kept: pushes nothing, serves the last release, and --once is content', () => {
    expect(codes.resumed).toBe(0);
    expect(said['resumed']).toContain('Resumed: dev-shop runs its last release, so nothing is pushed.');
    expect(said['resumed']).toContain('answers 200 OK: Welcome to the shop');
    expect(said['resumed']).not.toContain('Push of');
  });
});

describe('An owner', () => {
  test('asks the doctor, who finds everything, and sends an event through the cluster', () => {
    const { code, out = [] } = answered['doctor'] ?? {};
    expect(out.filter((line) => !line.startsWith('✔'))).toEqual(['Nothing is missing.']);
    expect(code).toBe(0);
    for (const line of [
      /^✔ GitHub App {2,}Slipway, with every permission$/,
      /^✔ webhook {2,}http:\S+ refuses what is not signed$/,
      /^✔ cluster local {2,}version \d+, for dev$/,
      /^✔ facts of cluster local {2,}ECS cluster local, listener, 1 secret of database administrators$/,
      /^✔ events of cluster local {2,}an event from there arrives at the control plane$/,
      /^✔ environment dev {2,}of the cluster local$/,
    ])
      expect(out).toContainEqual(expect.stringMatching(line));
    expect(answered['doctor of an unknown environment']?.aside).toEqual([
      'No cluster of the stage holds the environment de; did you mean dev? Known: dev.',
    ]);
  });

  test('applies a configuration file', () => {
    expect(answered['apply']).toMatchObject({ code: 0, aside: [] });
    expect(answered['apply']?.out.slice(1)).toEqual([
      '  cluster      local',
      '  environment  dev',
      '  repository   acme/shop',
    ]);
  });

  test('is told of each error in one, and nothing is stored', () => {
    const { code, aside, out } = answered['bad configuration'] ?? {};
    expect(code).toBe(1);
    expect(out).toEqual([]);
    expect(aside?.[0]).toMatch(
      /slipway\.yaml:47:5 environments\[0\]\.aproval: unknown key .*\(did you mean "approval"\?\)$/,
    );
    expect(aside?.[1]).toMatch(/^1 error in .*Nothing was stored/);
    expect(answered['no configuration']?.aside[0]).toMatch(/nowhere\.yaml cannot be read: it does not exist/);
  });

  test('is asked to sign a plan, in the terminal and in the status', () => {
    expect(said['asking']).toContain('a person has to sign this plan: npm run slipway -- approve d-');
    expect(answered['asked']?.out[1]).toMatch(/RUNNING, DOWNTIME at AwaitApproval, /);
  });

  test('reads the plan and how to answer it', () => {
    const plan = answered['plan']?.out.join('\n') ?? '';
    expect(plan).toMatch(/^Plan of d-\w+: DOWNTIME/);
    expect(plan).toContain('ALTER TABLE products ALTER COLUMN price_cents TYPE bigint');
    expect(plan).toMatch(/To let it run: {2}npm run slipway -- approve d-\w+ --hash [0-9a-f]{64}/);
  });

  test('can only sign the plan that waits', () => {
    expect(answered['wrong hash']?.code).toBeUndefined();
    expect(answered['wrong hash']?.aside[0]).toMatch(
      /has the hash [0-9a-f]{64}, not abc: read it again\. Nothing was changed\.$/,
    );
    expect(answered['approved again']?.aside[0]).toMatch(/is DONE and waits for no approval/);
  });

  test('lets a plan run by signing it', () => {
    expect(answered['approved']?.out[0]).toMatch(/^ada approved the plan of d-\w+; the deployment goes on\.$/);
    expect(said['approved']).toContain('AwaitApproval DONE');
    expect(said['approved']).toContain('(signed by ada)');
    expect(said['approved']).toMatch(/runs, after .*, down for at most /);
  });

  test('gets the count back after a downtime that somebody set by hand', () => {
    expect(countAfterDowntime).toBe(2);
  });

  test('ends a deployment by refusing its plan, and what served goes on', () => {
    expect(answered['refused']?.out[0]).toMatch(/^ada refused the plan of d-\w+; the deployment ends\.$/);
    expect(said['stop']).toContain('What happened:      ada refused the plan');
    expect(said['stop']).not.toContain('Goodbye to the shop');
  });

  test('sees why a stack is broken, and frees it once', () => {
    expect(answered['broken']?.out.slice(0, 2)).toEqual([
      'dev-shop  BROKEN',
      expect.stringMatching(/^ {2}broken by d-/),
    ]);
    expect(answered['resumed']).toMatchObject({ code: 0, out: ['dev-shop is AVAILABLE: nothing was queued.'] });
    expect(answered['resumed again']?.aside[0]).toMatch(
      /dev-shop is AVAILABLE and does not take Resumed.*Nothing was changed\.$/,
    );
  });

  test('reaches a control plane on AWS by the outputs of its stack', () => {
    expect(said['on AWS']).toMatch(/^dev-shop {2}AVAILABLE\n.* DONE /);
    expect(said['no such stack']).toContain('has no CloudFormation stack slipwy in this region');
  });

  test('gets the nearest name for one that does not exist', () => {
    expect(answered['unknown stack']?.aside).toEqual([
      'There is no stack dev-shp; did you mean dev-shop? Known: dev-shop.',
    ]);
    expect(answered['unknown deployment']?.aside).toEqual(['There is no deployment d-0. None waits for an approval.']);
  });
});
