import { afterEach, describe, expect, test } from '@jest/globals';
import { checkClusterStack, checkEnvironment } from '../../../bin/doctor/check-cluster-stack.ts';
import { checkEvents } from '../../../bin/doctor/check-events.ts';
import { checkGitHubApp } from '../../../bin/doctor/check-git-hub-app.ts';
import { checkWebhook } from '../../../bin/doctor/check-webhook.ts';
import { after, type ControlPlane, checkControlPlane, type Deployed } from '../../../bin/doctor/control-plane.ts';
import { ok } from '../../../bin/doctor/diagnosis.ts';
import type { OperatorPorts } from '../../../bin/operator.ts';
import { probeSubject } from '../../../functions/domain/doctor-probe.ts';
import type { ClusterCheck } from '../../../functions/domain/environment/cluster-check.ts';
import { appPermissions } from '../../../functions/domain/git-hub-app.ts';
import { getStage } from '../../../infra/aws/get-stage.ts';
import type { ClusterSite } from '../../../infra/aws/stage.ts';
import { memoryEventStore } from '../../support/memory-stores.ts';
import { sampleCluster, sampleEnvironment } from '../../support/sample-configuration.ts';
import { type AnsweringServer, answeringServer } from './answering-server.ts';

const HOOK = 'https://api.example.com/webhook';
const site: ClusterSite = { ...(getStage('example').clusters[0] as ClusterSite), name: sampleCluster().name };

const deployedWith = (ports: object, status = 'UPDATE_COMPLETE'): Deployed => ({
  kind: 'deployed',
  status,
  outputs: { WebhookUrl: HOOK },
  ports: ports as OperatorPorts,
  call: (words) => `slipway ${words} --stage test`,
});

describe('the control plane', () => {
  const run = (control: ControlPlane) => checkControlPlane(Promise.resolve(control), 'Run npm run deploy').run();

  test.each([
    ['CREATE_COMPLETE', 'ok'],
    ['UPDATE_ROLLBACK_COMPLETE', 'ok'],
    ['ROLLBACK_COMPLETE', 'missing'],
    ['UPDATE_IN_PROGRESS', 'missing'],
    ['DELETE_FAILED', 'missing'],
  ])('at %s is %s', async (status, kind) => {
    expect(await run(deployedWith({}, status))).toMatchObject({ kind });
  });

  test('that is not there yet is no fault, and whatever needs it says how it comes about', async () => {
    expect(await run({ kind: 'absent' })).toEqual({
      kind: 'unknown',
      what: 'There is no control plane yet',
      remedy: 'Run npm run deploy',
    });
    const look = after(Promise.resolve({ kind: 'hidden', message: 'Access Denied' }), 'deploy', async () => ok('seen'));
    expect(await look()).toMatchObject({ kind: 'unknown', what: 'The stack slipway cannot be read: Access Denied' });
  });
});

describe('the GitHub App', () => {
  const app = { appId: 1, privateKey: 'key' };
  const description = {
    name: 'Slipway',
    settingsUrl: 'https://github.com/settings/apps/slipway',
    permissions: appPermissions,
    events: ['push'],
  };
  const ports = (more: { readonly secrets?: object; readonly settings?: object } = {}) => ({
    gitHubSecrets: { findApp: async () => app, findWebhookSecrets: async () => ({ secrets: ['s'] }), ...more.secrets },
    gitHubSettings: {
      describe: async () => ({ kind: 'known', description }),
      findHookUrl: async () => HOOK,
      ...more.settings,
    },
  });
  const lacking = { ...description, permissions: { ...appPermissions, checks: 'read' }, events: [] };

  test.each<[how: string, ports: object, diagnosis: object]>([
    ['with everything is right', ports(), { kind: 'ok', what: 'Slipway, with every permission' }],
    [
      'that was never set up is missing',
      ports({ secrets: { findApp: async () => undefined } }),
      {
        kind: 'missing',
        what: 'The secret of the GitHub App holds none',
        remedy: 'Run slipway setup github --stage test',
      },
    ],
    [
      'without a webhook secret is not set up',
      ports({ secrets: { findWebhookSecrets: async () => undefined } }),
      { kind: 'missing', what: 'The secret of the webhook is empty' },
    ],
    [
      'that GitHub does not know by its key is missing',
      ports({ settings: { describe: async () => ({ kind: 'refused', message: 'Bad credentials' }) } }),
      { kind: 'missing', what: expect.stringContaining('Bad credentials') },
    ],
    [
      'is missing what it was not granted',
      ports({ settings: { describe: async () => ({ kind: 'known', description: lacking }) } }),
      { kind: 'missing', what: 'Slipway lacks checks: write, the event push' },
    ],
    [
      'whose webhooks go elsewhere is told both addresses',
      ports({ settings: { findHookUrl: async () => 'https://old.example.com' } }),
      { kind: 'missing', what: `GitHub sends its webhooks to https://old.example.com; Slipway listens on ${HOOK}` },
    ],
  ])('%s', async (_, given, diagnosis) => {
    expect(await checkGitHubApp(deployedWith(given))).toMatchObject(diagnosis);
  });
});

describe('the webhook', () => {
  let server: AnsweringServer | undefined;
  afterEach(() => server?.close());

  test.each([
    [401, 'ok'],
    [503, 'missing'],
    [202, 'missing'],
    [404, 'missing'],
  ])('that answers %i to a wrong signature is %s', async (status, kind) => {
    server = await answeringServer(() => ({ status, body: '{}' }));
    const deployed = { ...deployedWith({}), outputs: { WebhookUrl: `${server.url}/webhook` } };
    expect(await checkWebhook(deployed)).toMatchObject({ kind });
  });

  test('that cannot be reached is missing', async () => {
    server = await answeringServer(() => ({ status: 200, body: '' }));
    const deployed = { ...deployedWith({}), outputs: { WebhookUrl: server.url } };
    await server.close();
    expect(await checkWebhook(deployed)).toMatchObject({
      kind: 'missing',
      what: expect.stringContaining('cannot be reached'),
    });
  });
});

const answered: ClusterCheck = {
  kind: 'answered',
  answer: { at: '2026-08-01T10:00:00Z', version: 2, environments: ['prod'], policies: [] },
};
const silent: ClusterCheck = { kind: 'silent', message: 'There is no stack', remedy: 'Deploy it' };
const configuration = {
  findCluster: async () => sampleCluster(),
  findEnvironment: async () => sampleEnvironment(),
};
const nobody = { findCluster: async () => undefined, findEnvironment: async () => undefined };

describe('a cluster', () => {
  test.each<[how: string, ports: object, diagnosis: object]>([
    ['that has answered is right', { configuration, askCluster: async () => answered }, { kind: 'ok' }],
    [
      'that is silent is missing',
      { configuration, askCluster: async () => silent },
      { kind: 'missing', remedy: 'Deploy it' },
    ],
    [
      'that says something else is told each difference',
      {
        configuration,
        askCluster: async () => ({
          kind: 'different',
          differences: [{ keyPath: 'cluster.aws.boundaryArn', configured: 'a', found: 'b' }],
          remedy: 'Correct it',
        }),
      },
      { kind: 'missing', what: 'cluster.aws.boundaryArn is a, not b' },
    ],
    ['that nobody configured is missing', { configuration: nobody }, { kind: 'missing' }],
  ])('%s', async (_, ports, diagnosis) => {
    expect(await checkClusterStack(deployedWith(ports), site)).toMatchObject(diagnosis);
  });
});

test('an environment has to be configured, in the cluster of the stage', async () => {
  const check = (of: object, name: string) =>
    checkEnvironment(deployedWith({ configuration: of }), 'prod', { ...site, name });
  expect(await check(configuration, sampleEnvironment().clusterName)).toMatchObject({ kind: 'ok' });
  expect(await check(configuration, 'other')).toMatchObject({
    kind: 'missing',
    what: `The configuration puts prod into the cluster ${sampleEnvironment().clusterName}, the stage into other`,
  });
  expect(await check(nobody, 'other')).toMatchObject({ kind: 'missing' });
});

describe('the way of events', () => {
  /** The probe arrives at a look, or never; every look but the first is slept for. */
  const look = async (askCluster: (nonce: string) => Promise<ClusterCheck>, arrives?: number) => {
    const events = memoryEventStore();
    let slept = 0;
    const sleep = async () => {
      slept++;
      if (slept === arrives)
        await events.append({ subject: probeSubject('n'), at: '1', type: 'ProbeArrived', actor: 'doctor', detail: {} });
    };
    const ports = { configuration, events, askCluster: (_: unknown, nonce: string) => askCluster(nonce) };
    return { diagnosis: await checkEvents(deployedWith(ports), site, { nonce: 'n', sleep }), slept };
  };

  test('is right once the event has arrived, however late', async () => {
    expect(await look(async () => answered, 3)).toMatchObject({ diagnosis: { kind: 'ok' }, slept: 3 });
  });

  test('is broken when it does not arrive within a minute', async () => {
    const { diagnosis, slept } = await look(async () => answered);
    expect(diagnosis).toMatchObject({ kind: 'missing', what: expect.stringContaining('did not arrive within 60 s') });
    expect(slept).toBe(120);
  });

  test('cannot be tried where no event can be sent', async () => {
    expect((await look(async () => silent)).diagnosis).toMatchObject({
      kind: 'missing',
      what: 'No event could be sent: There is no stack',
    });
  });
});
