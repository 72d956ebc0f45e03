import { existsSync, readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ListenerNotFoundException,
  TargetGroupNotFoundException,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, expect, test } from '@jest/globals';
import { createBalancer } from '../../../infra/local/balancer/balancer.ts';
import type { Target } from '../../../infra/local/balancer/balancer-records.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import type { Properties } from '../../../infra/local/part.ts';
import { temporaryFolder } from '../images/git-repository.ts';
import { create, eventually, resourceRequest, startedFront, testWorld } from '../test-world.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const elb = (kind: string) => `AWS::ElasticLoadBalancingV2::${kind}`;
const forwardTo = (arn: string) => [{ Type: 'forward', TargetGroupArn: arn }];
const nothing = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', MessageBody: 'no route' } }];

const withBalancer = async (world = testWorld(), options = {}) => {
  const balancer = createBalancer(world, options);
  open.push(async () => balancer.stop?.());
  const make = (kind: string, logicalId: string, properties: Properties) =>
    create(balancer, elb(kind), logicalId, properties).then(({ physicalId }) => physicalId);
  const loadBalancerArn = await make('LoadBalancer', 'Balancer', { Name: 'shop' });
  const listenerArn = await make('Listener', 'Listener', {
    LoadBalancerArn: loadBalancerArn,
    Port: '80',
    Protocol: 'HTTP',
    DefaultActions: nothing,
  });
  const url = balancer.listenerUrl(listenerArn) ?? '';
  const targetGroup = (properties: Properties = {}, logicalId = 'Group') =>
    make('TargetGroup', logicalId, { HealthCheckPath: '/healthz', Port: 8080, ...properties });
  const rule = (arn: string, priority: unknown = 10, path = '/*') =>
    make('ListenerRule', `Rule${priority}`, {
      ListenerArn: listenerArn,
      Priority: priority,
      Conditions: [{ Field: 'path-pattern', Values: [path] }],
      Actions: forwardTo(arn),
    });
  const client = async () => {
    const front = await startedFront(createIam(world), [balancer]);
    open.push(front.close);
    return new ElasticLoadBalancingV2Client(front.operator);
  };
  return { world, balancer, make, loadBalancerArn, listenerArn, url, targetGroup, rule, client };
};

const application = async (answer: RequestListener, healthy: () => number = () => 200): Promise<Target> => {
  const server: Server = createServer((incoming, outgoing) => {
    if (incoming.url !== '/healthz') answer(incoming, outgoing);
    else outgoing.writeHead(healthy()).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { id: '127.0.0.1', port: (server.address() as AddressInfo).port };
};

const healthy = async ({ balancer }: Awaited<ReturnType<typeof withBalancer>>, arn: string, target: Target) => {
  balancer.register(arn, target);
  await eventually('a healthy target', () => balancer.stateOf(arn, target) === 'healthy');
};

test('a request reaches a healthy target with its body, headers and query; answers keep repeated headers', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup();
  await given.rule(arn);
  const target = await application(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    outgoing.setHeader('set-cookie', ['a=1', 'b=2']);
    const { host, connection, ...headers } = incoming.headers;
    outgoing.end(JSON.stringify({ host, headers, url: incoming.url, body: Buffer.concat(chunks).toString() }));
  });
  await healthy(given, arn, target);
  const response = await fetch(`${given.url}/cart?x=1`, { method: 'POST', body: 'tea', headers: { 'x-own': 'yes' } });
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await response.json()).toMatchObject({
    host: given.url.slice('http://'.length),
    url: '/cart?x=1',
    body: 'tea',
    headers: { 'x-own': 'yes', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-port': '80' },
  });
});

test('an answer streams: its first part arrives while the target still holds the rest', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup();
  await given.rule(arn);
  let finish = () => {};
  const target = await application((_, outgoing) => {
    outgoing.write('first ');
    finish = () => outgoing.end('second');
  });
  await healthy(given, arn, target);
  const response = await fetch(`${given.url}/`);
  const reader = response.body?.getReader();
  const text = async () => new TextDecoder().decode((await reader?.read())?.value);
  expect(await text()).toBe('first ');
  finish();
  expect(await text()).toBe('second');
});

test('healthy targets take turns', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup();
  await given.rule(arn);
  for (const name of ['one', 'two']) await healthy(given, arn, await application((_, outgoing) => outgoing.end(name)));
  const answers = await Promise.all([1, 2, 3, 4].map(() => fetch(`${given.url}/`).then((response) => response.text())));
  expect(answers.sort()).toEqual(['one', 'one', 'two', 'two']);
});

test('without a rule the default action answers; a target group without targets answers 503', async () => {
  const given = await withBalancer();
  const missed = await fetch(`${given.url}/other`);
  expect([missed.status, await missed.text()]).toEqual([404, 'no route']);
  await given.rule(await given.targetGroup());
  const empty = await fetch(`${given.url}/`);
  expect([empty.status, await empty.text()]).toEqual([
    503,
    expect.stringContaining('503 Service Temporarily Unavailable'),
  ]);
});

test('a target that was never healthy gets nothing; one that turned unhealthy only gets requests when there is no other', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup({ HealthCheckIntervalSeconds: 15, UnhealthyThresholdCount: 2 });
  await given.rule(arn);
  let health = 500;
  const target = await application(
    (_, outgoing) => outgoing.end('served'),
    () => health,
  );
  given.balancer.register(arn, target);
  expect((await fetch(`${given.url}/`)).status).toBe(503);
  health = 200;
  await eventually('healthy', () => given.balancer.stateOf(arn, target) === 'healthy');
  health = 500;
  await given.world.clock.advance(15_000);
  expect(given.balancer.stateOf(arn, target)).toBe('healthy');
  await given.world.clock.advance(15_000);
  await eventually('unhealthy', () => given.balancer.stateOf(arn, target) === 'unhealthy');
  expect(await (await fetch(`${given.url}/`)).text()).toBe('served');
  await healthy(given, arn, await application((_, outgoing) => outgoing.end('other')));
  const answers = await Promise.all([1, 2, 3].map(() => fetch(`${given.url}/`).then((response) => response.text())));
  expect(answers).toEqual(['other', 'other', 'other']);
});

test('an unhealthy target comes back after as many successes as the template asks for', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup({
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    HealthCheckIntervalSeconds: 5,
  });
  let health = 200;
  const target = await application(
    (_, outgoing) => outgoing.end(),
    () => health,
  );
  await healthy(given, arn, target);
  const states: string[] = [];
  given.balancer.onState((_arn, _target, state) => states.push(state));
  health = 503;
  await given.world.clock.advance(10_000);
  await eventually('unhealthy', () => given.balancer.stateOf(arn, target) === 'unhealthy');
  health = 200;
  await given.world.clock.advance(10_000);
  await eventually('healthy again', () => given.balancer.stateOf(arn, target) === 'healthy');
  expect(states).toEqual(['unhealthy', 'healthy']);
});

test('a clock that leaps over hours asks a target a few times of those that fall due, and what it becomes afterwards is seen', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup({ HealthCheckIntervalSeconds: 5, UnhealthyThresholdCount: 2 });
  let health = 200;
  let asked = 0;
  const target = await application(
    (_, outgoing) => outgoing.end(),
    () => {
      asked += 1;
      return health;
    },
  );
  await healthy(given, arn, target);
  await given.world.clock.advance(5 * 3_600_000);
  expect(asked).toBeGreaterThan(2);
  expect(asked).toBeLessThan(1800);
  health = 503;
  await eventually('unhealthy', async () => {
    await given.world.clock.advance(5_000);
    return given.balancer.stateOf(arn, target) === 'unhealthy';
  });
});

test('draining lets the last request end and takes no new one', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup();
  await given.rule(arn);
  let finish: (() => void) | undefined;
  const target = await application((_, outgoing) => {
    finish = () => outgoing.end('late');
  });
  await healthy(given, arn, target);
  const slow = fetch(`${given.url}/slow`).then((response) => response.text());
  await eventually('the request is in', () => finish);
  let drained = false;
  const leaving = given.balancer.deregister(arn, target).then(() => {
    drained = true;
  });
  expect(given.balancer.stateOf(arn, target)).toBe('draining');
  expect((await fetch(`${given.url}/new`)).status).toBe(503);
  expect(drained).toBe(false);
  finish?.();
  expect(await slow).toBe('late');
  await leaving;
  expect(given.balancer.stateOf(arn, target)).toBeUndefined();
});

test('draining ends with the deregistration delay, whatever is still open', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup({
    TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
  });
  await given.rule(arn);
  let asked = false;
  const target = await application(() => {
    asked = true;
  });
  await healthy(given, arn, target);
  const hanging = fetch(`${given.url}/hangs`).catch(() => 'cut');
  await eventually('the request is in', () => asked);
  const first = given.balancer.deregister(arn, target);
  const second = given.balancer.deregister(arn, target);
  await given.world.clock.advance(30_000);
  await Promise.all([first, second]);
  await given.balancer.stop?.();
  expect(await hanging).toBe('cut');
});

test('a target that is gone answers 502, also to a request with a body', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup();
  await given.rule(arn);
  const target = await application((incoming) => incoming.socket.destroy());
  await healthy(given, arn, target);
  expect((await fetch(`${given.url}/`)).status).toBe(502);
  expect((await fetch(`${given.url}/`, { method: 'POST', body: 'x'.repeat(100_000) })).status).toBe(502);
});

test('connections of clients are kept open from request to request', async () => {
  const given = await withBalancer();
  const { Agent } = await import('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  open.push(() => agent.destroy());
  const get = () =>
    new Promise<boolean>((resolve, reject) => {
      const sent = httpRequest(`${given.url}/x`, { agent }, (response) => {
        response.resume().on('end', () => resolve(sent.reusedSocket));
      });
      sent.on('error', reject).end();
    });
  expect(await get()).toBe(false);
  expect(await get()).toBe(true);
});

test('each answered request leaves a line in the access log', async () => {
  const folder = temporaryFolder();
  open.push(folder.remove);
  const given = await withBalancer(testWorld(), { directory: folder.path });
  await fetch(`${given.url}/other?x=1`);
  const file = join(folder.path, 'access.log');
  const text = await eventually('a line', () => existsSync(file) && readFileSync(file, 'utf8'));
  expect(text).toMatch(/^\d{4}-\S+Z GET \/other\?x=1 404\n$/);
});

test('a redirect fills in what it is asked to keep', async () => {
  const given = await withBalancer();
  const arn = await given.make('Listener', 'Redirecting', {
    LoadBalancerArn: given.loadBalancerArn,
    Port: 81,
    DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
  });
  const response = await fetch(`${given.balancer.listenerUrl(arn)}/a/b?c=d`, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([301, 'https://127.0.0.1:443/a/b?c=d']);
});

test('a priority that is taken is refused in the words of AWS, and free again after the rule is gone', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup();
  const ruleArn = await given.rule(arn, '7');
  await expect(
    create(given.balancer, elb('ListenerRule'), 'Second', {
      ListenerArn: given.listenerArn,
      Priority: 7,
      Conditions: [{ Field: 'path-pattern', Values: ['/b'] }],
      Actions: forwardTo(arn),
    }),
  ).rejects.toThrow("Priority '7' is currently in use");
  const provider = given.balancer.resources?.[elb('ListenerRule')];
  await provider?.delete({ ...resourceRequest(elb('ListenerRule'), 'Rule7', {}), physicalId: ruleArn });
  expect(await given.rule(arn, 7)).toBe(ruleArn);
});

test('what is in use, missing or unknown is refused', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup();
  await given.rule(arn, 1);
  const provider = given.balancer.resources?.[elb('TargetGroup')];
  const gone = { ...resourceRequest(elb('TargetGroup'), 'Group', {}), physicalId: arn };
  await expect(provider?.delete(gone)).rejects.toThrow('is currently in use by a listener or a rule');
  await expect(given.rule(`${arn}0`, 2)).rejects.toThrow('not found');
  await expect(given.rule(arn, 0)).rejects.toThrow("must be between 1 and 50000, not '0'");
  await expect(
    given.make('Listener', 'Odd', {
      LoadBalancerArn: given.loadBalancerArn,
      Port: 90,
      DefaultActions: [{ Type: 'authenticate-oidc' }],
    }),
  ).rejects.toThrow("does not have the action type 'authenticate-oidc'");
});

test('the same template gives the same ARNs, and a restart the same ports and routes', async () => {
  const first = await withBalancer();
  const arn = await first.targetGroup();
  await first.rule(arn);
  await first.balancer.stop?.();
  const again = createBalancer(first.world);
  open.push(async () => again.stop?.());
  await again.start?.();
  expect(again.listenerUrl(first.listenerArn)).toBe(first.url);
  const target = await application((_, outgoing) => outgoing.end('back'));
  again.register(arn, target);
  await eventually('healthy', () => again.stateOf(arn, target) === 'healthy');
  expect(await (await fetch(`${first.url}/`)).text()).toBe('back');
  const other = await withBalancer();
  expect([other.listenerArn, await other.targetGroup()]).toEqual([first.listenerArn, arn]);
  expect(arn).toMatch(/:targetgroup\/shop-Group-\w{12}\/[0-9a-f]{16}$/);
});

test('the real client sees balancers, listeners, rules by page, target groups and health', async () => {
  const given = await withBalancer();
  const arn = await given.targetGroup({ Name: 'cart', HealthCheckPath: '/healthz', Matcher: { HttpCode: '200,404' } });
  for (const priority of [30, 10, 20]) await given.rule(arn, priority, `/${priority}`);
  const target = await application((_, outgoing) => outgoing.end());
  await healthy(given, arn, target);
  const client = await given.client();
  const { LoadBalancers = [] } = await client.send(new DescribeLoadBalancersCommand({ Names: ['shop'] }));
  expect(LoadBalancers[0]).toMatchObject({ DNSName: '127.0.0.1', State: { Code: 'active' } });
  const { Listeners = [] } = await client.send(
    new DescribeListenersCommand({ LoadBalancerArn: given.loadBalancerArn }),
  );
  expect(Listeners[0]).toMatchObject({ ListenerArn: given.listenerArn, Port: 80, Protocol: 'HTTP' });
  const pages = [];
  for (let Marker: string | undefined, first = true; first || Marker; first = false) {
    const page = await client.send(new DescribeRulesCommand({ ListenerArn: given.listenerArn, PageSize: 2, Marker }));
    pages.push(page.Rules?.map(({ Priority }) => Priority));
    Marker = page.NextMarker;
  }
  expect(pages).toEqual([
    ['10', '20'],
    ['30', 'default'],
  ]);
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ Names: ['cart'] }));
  expect(TargetGroups[0]).toMatchObject({
    LoadBalancerArns: [given.loadBalancerArn],
    Matcher: { HttpCode: '200,404' },
  });
  const { TargetHealthDescriptions } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
  expect(TargetHealthDescriptions).toEqual([
    expect.objectContaining({ Target: { Id: '127.0.0.1', Port: target.port }, TargetHealth: { State: 'healthy' } }),
  ]);
  const ListenerArn = `${given.listenerArn}0`;
  await expect(client.send(new DescribeRulesCommand({ ListenerArn }))).rejects.toBeInstanceOf(
    ListenerNotFoundException,
  );
  const TargetGroupArn = `${arn}0`;
  await expect(client.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).rejects.toBeInstanceOf(
    TargetGroupNotFoundException,
  );
});
