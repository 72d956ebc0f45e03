import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { DescribeServicesCommand, ECSClient, ListServicesCommand } from '@aws-sdk/client-ecs';
import { clientSettings } from '../../infra/local/assembly.ts';
import { releaseNames, type WorkingClone, workingClone } from '../../bin/local/working-clone.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { statesEntered } from '../support/executions.ts';
import { type Probed, prober } from '../support/prober.ts';
import { everythingWritten, secretValues, spellings } from '../support/secret-scan.ts';
import { startTestSlipway, type TestSlipway } from '../support/slipway.ts';

const STACK = 'dev-shop';

/** One release of the example, pushed by git, and what came of it. */
interface Chapter {
  readonly commit: string;
  readonly deployment: Deployment;
  readonly history: readonly HistoryEvent[];
  readonly stack: Stack;
  readonly counts: readonly object[];
  readonly probed: Probed;
  readonly answer: string;
}

let slipway: TestSlipway;
const chapters = new Map<string, Chapter>();

beforeAll(async () => {
  slipway = await startTestSlipway();
  const clone = await workingClone(`${slipway.directory}/clones/main`, slipway.github.gitUrl('acme', 'shop'));
  for (const release of releaseNames()) chapters.set(release, await tell(clone, release));
}, 240_000);

afterAll(() => slipway?.stop());

const tell = async (clone: WorkingClone, release: string): Promise<Chapter> => {
  const users = prober(slipway.url);
  const commit = await clone.pushRelease(release);
  const deployment = await slipway.ended(STACK, commit);
  const probed = await users.stop();
  const stack = await slipway.ports.stacks.find(STACK);
  if (!stack || !deployment.executionArn) throw new Error(`${release} left no stack or no execution`);
  return {
    commit,
    deployment,
    history: await slipway.executions.history(deployment.executionArn),
    stack,
    counts: await desiredCounts(),
    probed,
    answer: await slipway.ask(),
  };
};

/** Desired counts of the stack's services, as ECS has them. */
const desiredCounts = async () => {
  const client = new ECSClient(clientSettings(slipway.cloud));
  const { serviceArns = [] } = await client.send(new ListServicesCommand({ cluster: 'local' }));
  const { services = [] } = await client.send(new DescribeServicesCommand({ cluster: 'local', services: serviceArns }));
  return services.map(({ desiredCount, runningCount }) => ({ desiredCount, runningCount }));
};

const chapter = (release: string): Chapter => {
  const told = chapters.get(release);
  if (!told) throw new Error(`${release} was not pushed`);
  return told;
};

test('x', () => {
  for (const [release, { deployment, history, stack, counts, probed, answer }] of chapters)
    console.log(release, JSON.stringify({ m: deployment.plan, s: deployment.status, r: deployment.reason, states: statesEntered(history).join(' '), stack, counts, probed, answer }, undefined, 1));
});
