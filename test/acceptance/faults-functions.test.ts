import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { workingClone } from '../../bin/local/working-clone.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import { deployment as deploymentMachine } from '../../statemachines/deployment.asl.ts';
import { stepsOf } from '../support/flow-steps.ts';
import { calledBy, statesOf } from '../support/machine-states.ts';
import { startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { appliedMigrations, endedByLeaps, migrationsOf, operationsOf } from './leaps.ts';

interface Death {
  readonly kills: string;
  /** A call that is made: what gets lost is its answer and everything after it. */
  readonly at: string;
}

/** The functions of a downtime, from the machine itself: a new step is killed without anybody thinking of it. */
const functions = [...new Set(stepsOf('DOWNTIME').map((step) => functionOf(step.split('.')[0] ?? step)))];

/** Each is killed at its first write, and once more where it calls out for something that must not happen twice. */
const deaths: readonly Death[] = [
  ...functions.map((kills) => ({ kills, at: 'dynamodb:PutItem' })),
  { kills: 'CFPlan', at: 'cloudformation:CreateChangeSet' },
  { kills: 'PGEval', at: 's3:PutObject' },
  { kills: 'ScaleDown', at: 'cloudformation:ExecuteChangeSet' },
  { kills: 'PGMigrate', at: 'ecs:RegisterTaskDefinition' },
  { kills: 'PGMigrate', at: 'ecs:RunTask' },
  { kills: 'CompleteCallback', at: 'states:SendTaskSuccess' },
  { kills: 'ScaleUp', at: 'cloudformation:ExecuteChangeSet' },
];

let slipway: TestSlipway;
let deployment: Deployment;
let answer: string;
const killed: string[] = [];

// The tests only read: the story is told once.
beforeAll(async () => {
  const names = new Map<string, string>();
  const left = [...deaths];
  let armed = false;
  const strike = ({ roleArn, action }: { readonly roleArn: string; readonly action: string }) => {
    // Calls to the cluster are made under its deploy role, whichever function makes them.
    const death = left.find(
      ({ kills, at }) => at === action && (roleArn.includes(kills) || roleArn.includes('deploy')),
    );
    const name = death && names.get(death.kills);
    if (!armed || !name) return;
    left.splice(left.indexOf(death), 1);
    killed.push(`${death.kills} at ${action}`);
    slipway.cloud.lambda.kill(name);
  };
  slipway = await startTestSlipway({ functions: 'process', observeIam: strike });
  for await (const { Functions = [] } of paginateListFunctions(
    { client: new LambdaClient(clientSettings(slipway.cloud)) },
    {},
  ))
    for (const { FunctionName = '' } of Functions)
      for (const { kills } of deaths) if (FunctionName.startsWith(`slipway-${kills}`)) names.set(kills, FunctionName);
  const clone = await workingClone(`${slipway.directory}/clones/main`, slipway.github.gitUrl('acme', 'shop'));
  await slipway.ended('dev-shop', await clone.pushRelease('01-first-release'));
  armed = true;
  const commit = await clone.pushRelease('05-large-prices');
  deployment = (await endedByLeaps(slipway, commit)).deployment;
  await slipway.executions.ended(deployment.executionArn ?? '');
  answer = await slipway.ask();
}, 120_000);

afterAll(() => slipway?.stop());

test('each of these functions was killed at its call', () => {
  expect(functions).toEqual(expect.arrayContaining(['StackWait', 'CFPlan', 'PGCleanup', 'SettleDeployment']));
  expect([...killed].sort()).toEqual(deaths.map(({ kills, at }) => `${kills} at ${at}`).sort());
});

test('the deployment ends all the same, once, and serves', async () => {
  expect(deployment).toMatchObject({ status: 'DONE', plan: { mode: 'DOWNTIME' } });
  expect(answer).toMatch(/^200 /);
  expect(await slipway.ports.stacks.find('dev-shop')).toMatchObject({
    status: 'AVAILABLE',
    release: deployment.release,
  });
});

test('what a dead function had begun was not begun again', async () => {
  const [operations, migrations] = [await operationsOf(slipway.cloud), await migrationsOf(slipway.cloud)];
  expect(new Set(operations).size).toBe(operations.length);
  expect(migrations).toHaveLength(2);
  expect(await appliedMigrations(slipway.cloud)).toEqual(['20260101000000', '20260401000000']);
});

/** What the state calls, such as `SettleDeployment` of `Done`. */
function functionOf(word: string): string {
  const found = statesOf(deploymentMachine).find(({ name }) => name === word || name === `${word}-downtime`);
  return (found && calledBy(found.state)) ?? word;
}
