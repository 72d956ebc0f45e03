import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { releaseNames } from '../../bin/local/working-clone.ts';
import { approveDeployment } from '../../functions/operations/approve-deployment.ts';
import { terminateDeployment } from '../../functions/operations/terminate-deployment.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import { serviceFiles } from '../support/example-service.ts';
import type { TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';

const STACK = 'dev-shop';
const SIGNED = 'dev-signed-letters';

/** What makes every kind of record: releases that go well and badly, requests by hand, a queue, a signature, an end by hand. */
export const tellStory = async (slipway: TestSlipway): Promise<void> => {
  await slipway.configure({
    environments: [{ fullName: 'dev-signed', approval: 'always' }],
    targets: [{ branch: 'signed/**', environment: 'dev-signed' }],
  });
  await tellOfLostPush(slipway);
  const main = await slipway.branch('main');
  let commit = '';
  for (const release of releaseNames()) {
    commit = await main.clone.pushRelease(release);
    await slipway.ended(STACK, commit);
  }
  await main.push({ 'ext/o5/app.yaml': 'name: shop\nruntimes: 7\n' });
  for (const strategy of ['quick', 'infra-only', 'db-only', 'rotate-credentials', 'import'])
    await ask(slipway, { commit, strategy });
  await ask(slipway, { commit, preview: true });
  await ask(slipway, { commit, strategy: 'recreate-database', confirm: STACK });
  await tellOfImport(slipway);
  await tellOfSignature(slipway);
  await tellOfQueue(slipway);
};

/** A delivery that failed is on record until GitHub has been asked to send it again. */
const tellOfLostPush = async (slipway: TestSlipway) => {
  slipway.github.failDelivery(({ ref }) => ref === 'refs/tags/v1', 20, 500);
  const branch = await slipway.branch('unrelated/lost');
  await branch.clone.git('commit', '--quiet', '--allow-empty', '--message', 'Nothing');
  await branch.clone.git('tag', 'v1');
  await branch.clone.git('push', '--quiet', 'origin', 'v1');
  await slipway.github.settled();
  let lookedAt: string | undefined = 'never';
  await until('the look for what was lost', async () => {
    const look = await slipway.ports.targets.findLook();
    // A look takes a moment, and the clock must not run ahead of it.
    if (look?.failed.length === 0 || look?.lookedAt !== lookedAt) await slipway.clock.advance(5 * 60_000);
    lookedAt = look?.lookedAt;
    return look?.failed.length;
  });
};

const ask = async ({ executions, ports }: TestSlipway, request: object): Promise<void> => {
  const id = randomUUID();
  await executions.start('request', id, {
    ...{ id, repository: 'acme/shop', ref: 'refs/heads/main', environment: 'dev', actor: 'ada' },
    ...request,
  });
  await executions.ended(executions.arnOf('request', id));
  await until('the end of every deployment', async () => (await ports.deployments.listOpen()).length === 0);
};

/** A secret that an earlier stack has left is taken over. */
const tellOfImport = async (slipway: TestSlipway) => {
  const branch = await slipway.branch('unrelated/imports');
  const more = { secrets: [{ name: 'token' }] };
  const commit = await branch.push(serviceFiles({ application: 'left', says: 'left', more }));
  const secrets = new SecretsManagerClient(clientSettings(slipway.cloud));
  await secrets.send(new CreateSecretCommand({ Name: '/dev/left/token', SecretString: 'none' }));
  await ask(slipway, { ref: 'refs/heads/unrelated/imports', commit, strategy: 'import' });
};

const tellOfSignature = async (slipway: TestSlipway) => {
  const branch = await slipway.branch('signed/letters');
  const commit = await branch.push(serviceFiles({ application: 'letters', says: 'one' }));
  const waiting = await slipway.deployed(
    SIGNED,
    commit,
    ({ steps }) => steps['AwaitApproval']?.status === 'ACTIVE',
    'the wait for a signature',
  );
  const hash = waiting.plan?.hash ?? '';
  await until('the signature', async () => {
    const { kind } = await approveDeployment(slipway.ports, {
      deploymentId: waiting.id,
      actor: 'bob',
      hash,
      granted: true,
    });
    return kind === 'answered';
  });
  await slipway.ended(SIGNED, commit);
};

/** One that never gets healthy holds the stack; another waits behind it, and a third leaves the queue. */
const tellOfQueue = async (slipway: TestSlipway) => {
  const branch = await slipway.branch('unrelated/queue');
  const files = serviceFiles({ application: 'queue', says: 'one' });
  const commit = await branch.push(files);
  const request = { ref: 'refs/heads/unrelated/queue' };
  await ask(slipway, { ...request, commit });
  const stuck = await branch.push({ 'server.js': 'setInterval(() => {}, 1000);\n' });
  const behind = await branch.push({ 'server.js': files['server.js'], 'NEXT.md': 'goes on\n' });
  const { executions, ports } = slipway;
  for (const each of [stuck, behind, commit]) {
    const id = randomUUID();
    await executions.start('request', id, {
      ...{ id, repository: 'acme/shop', environment: 'dev', actor: 'ada' },
      ...{ ...request, commit: each },
    });
    await executions.ended(executions.arnOf('request', id));
  }
  const held = await slipway.deployed('dev-queue', stuck, ({ status }) => status === 'RUNNING', 'one that hangs');
  const last = (await ports.deployments.listOpen()).filter(({ status }) => status === 'QUEUED').at(-1);
  for (const id of [last?.id, held.id]) await terminateDeployment(ports, { deploymentId: id ?? '', actor: 'bob' });
  await until('the end of the queue', async () => (await ports.deployments.listOpen()).length === 0);
};
