import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pingWebhook } from '../../../bin/setup/ping-webhook.ts';
import { setUpGitHub } from '../../../bin/setup/set-up-git-hub.ts';
import { type SetupWish, setupWishFrom } from '../../../bin/setup/setup-wish.ts';
import type { SetupWorld } from '../../../bin/setup/setup-world.ts';
import { handler } from '../../../functions/handlers/webhook.ts';
import type { WebhookAnswer } from '../../../functions/operations/receive-webhook.ts';
import { portsFrom } from '../../../functions/runtime/step.ts';
import { basics } from '../../../functions/runtime/wiring/basics.ts';
import { gitHubSetup } from '../../../functions/runtime/wiring/git-hub-setup.ts';
import { github as gitHubWiring } from '../../../functions/runtime/wiring/github.ts';
import type { GitHub, GitHubOptions } from '../../../infra/local/github/github.ts';
import { createSecrets } from '../../../infra/local/secrets/secrets.ts';
import { createStepFunctions } from '../../../infra/local/sfn/step-functions.ts';
import { startedGitHub } from '../../local/github/github-fixture.ts';
import { create, type TestWorld, testWorld } from '../../local/test-world.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';
import { plain } from './plain-output.ts';

export interface SetupStage {
  readonly github: GitHub;
  readonly cloud: TestWorld;
  readonly world: SetupWorld;
  readonly webhookUrl: string;
  /** What functions make of the stored App. */
  readonly functionPorts: ReturnType<typeof functionPortsOf>;
  /** Everything that was said, and every secret that Secrets Manager was given. */
  readonly said: string[];
  readonly secretsKept: Set<string>;
  /** Runs `slipway setup github` with these options; asks on every line that it says. */
  run(
    options?: Readonly<Record<string, string | true>>,
    more?: { readonly stdin?: string; readonly onLine?: (line: string) => void },
  ): Promise<number>;
  /** Breaks writes into Secrets Manager after so many. */
  breakWritesAfter(writes: number): void;
}

/** The webhook, GitHub and Secrets Manager, with both secrets as a template makes them: without a value. */
export const setupStage = async (
  cleanups: (() => unknown)[],
  options: Partial<GitHubOptions> = {},
): Promise<SetupStage> => {
  const cloud = testWorld();
  const { github } = await startedGitHub(cleanups, { world: cloud, ...options });
  const secrets = createSecrets(cloud);
  const machines = createStepFunctions(cloud, { invoke: async () => ({ payload: '{}' }) });
  const front = await onWire({ services: [...(secrets.services ?? []), ...(machines.services ?? [])] });
  cleanups.push(
    () => front.close(),
    () => machines.stop?.(),
  );
  const born = (name: string) => create(secrets, 'AWS::SecretsManager::Secret', name, { Name: `slipway/${name}` });
  const request = await create(machines, 'AWS::StepFunctions::StateMachine', 'Request', {
    StateMachineName: 'request',
    RoleArn: 'arn:aws:iam::111122223333:role/request',
    DefinitionString: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
  });
  const functionWorld = {
    environment: {
      WEBHOOK_SECRET_ID: (await born('webhook')).physicalId,
      GITHUB_APP_SECRET_ID: (await born('app')).physicalId,
      REQUEST_MACHINE_ARN: request.physicalId,
      GITHUB_API_URL: github.apiUrl,
    },
    clock: {
      now: () => new Date(cloud.clock.now()),
      sleep: (millis: number) => cloud.clock.advance(millis),
    },
    aws: clientOptions(front),
  };
  const webhookUrl = await served(handler.in(functionWorld), cleanups);

  const said: string[] = [];
  const secretsKept = new Set<string>();
  let writesLeft = Number.POSITIVE_INFINITY;
  const { gitHubSecrets, gitHubSettings, password, clock } = portsFrom({ ...basics, ...gitHubSetup }, functionWorld);
  const write = async (values: readonly string[], store: () => Promise<void>) => {
    for (const value of values) secretsKept.add(value);
    if (writesLeft-- <= 0) throw new Error('User is not authorized to perform: secretsmanager:PutSecretValue');
    await store();
  };
  const watched: SetupWorld['ports']['gitHubSecrets'] = {
    ...gitHubSecrets,
    writeApp: (app) => write([app.privateKey], () => gitHubSecrets.writeApp(app)),
    writeWebhookSecrets: (values) => write(values, () => gitHubSecrets.writeWebhookSecrets(values)),
  };
  let onLine: (line: string) => void = () => {};
  const tell = (line: string) => {
    said.push(line);
    onLine(line);
  };
  const world: SetupWorld = {
    ports: { gitHubSecrets: watched, gitHubSettings, password, clock, ping: pingWebhook },
    webhookUrl,
    output: { ...plain, line: tell, aside: tell },
    call: 'slipway setup github',
  };
  return {
    github,
    cloud,
    world,
    webhookUrl,
    functionPorts: functionPortsOf(functionWorld),
    said,
    secretsKept,
    breakWritesAfter: (writes) => {
      writesLeft = writes;
    },
    run: (given = {}, more = {}) => {
      onLine = more.onLine ?? (() => {});
      return setUpGitHub(world, wishOf(given), async () => more.stdin ?? '');
    },
  };
};

const functionPortsOf = (world: Parameters<(typeof gitHubWiring)['source']>[0]) =>
  portsFrom({ source: gitHubWiring.source, hookDeliveries: gitHubWiring.hookDeliveries }, world);

const wishOf = (given: Readonly<Record<string, string | true>>): SetupWish => {
  const entries = Object.entries(given);
  const wish = setupWishFrom({
    switches: new Set(entries.filter(([, value]) => value === true).map(([name]) => name)),
    values: Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== true)),
  });
  if (typeof wish === 'string') throw new Error(wish);
  return wish;
};

/** The function behind a server, as the gateway calls it. */
const served = async (run: (event: never, context: never) => Promise<unknown>, cleanups: (() => unknown)[]) => {
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const event = { headers: incoming.headers, body, isBase64Encoded: false };
    const { statusCode, body: text } = (await run(event as never, {} as never)) as WebhookAnswer;
    outgoing.writeHead(statusCode).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
};

/** A person at a browser: opens the page that was printed, presses the button, and follows GitHub back. */
export const pressButton = async (pageUrl: string): Promise<{ readonly status: number; readonly text: string }> => {
  const page = await (await fetch(pageUrl)).text();
  const [, action = ''] = /<form method="post" action="([^"]+)">/.exec(page) ?? [];
  const [, manifest = ''] = /name="manifest" value="([^"]+)"/.exec(page) ?? [];
  const body = new URLSearchParams({ manifest: unescaped(manifest) });
  const confirmed = await fetch(unescaped(action), { method: 'POST', body, redirect: 'manual' });
  const back = await fetch(confirmed.headers.get('location') ?? '');
  return { status: back.status, text: await back.text() };
};

const unescaped = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
