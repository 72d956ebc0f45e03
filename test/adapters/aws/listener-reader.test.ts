import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, expect, test } from '@jest/globals';
import { elbListenerReader } from '../../../functions/adapters/aws/listener-reader.ts';
import { createBalancer } from '../../../infra/local/balancer/balancer.ts';
import type { Properties } from '../../../infra/local/part.ts';
import { create, testWorld } from '../../local/test-world.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const started = async () => {
  const balancer = createBalancer(testWorld());
  const front = await onWire(balancer);
  const client = new ElasticLoadBalancingV2Client(clientOptions(front));
  cleanups.push(
    () => balancer.stop?.(),
    () => front.close(),
    () => client.destroy(),
  );
  const make = async (kind: string, logicalId: string, properties: Properties) =>
    (await create(balancer, `AWS::ElasticLoadBalancingV2::${kind}`, logicalId, properties)).physicalId;
  const LoadBalancerArn = await make('LoadBalancer', 'Balancer', { Name: 'shop' });
  const listener = (logicalId: string) =>
    make('Listener', logicalId, {
      LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    });
  const rule = (ListenerArn: string, Priority: number) =>
    make('ListenerRule', `Rule${Priority}`, {
      ListenerArn,
      Priority,
      Conditions: [{ Field: 'path-pattern', Values: [`/${Priority}/*`] }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
    });
  return { client, listener, rule, read: elbListenerReader(client).priorities };
};

test('priorities lead to their rules, without the default rule', async () => {
  const { listener, rule, read } = await started();
  const arn = await listener('Listener');
  const [first, second] = [await rule(arn, 7), await rule(arn, 50_000)];
  expect(await read(arn)).toEqual({ 7: first, 50000: second });
});

test('a listener without rules uses no priority', async () => {
  const { listener, read } = await started();
  expect(await read(await listener('Listener'))).toEqual({});
});

test('rules of all pages are read', async () => {
  const { client, listener, rule, read } = await started();
  const arn = await listener('Listener');
  const asked: unknown[] = [];
  client.middlewareStack.add(
    (next) => (args) => {
      asked.push(args.input);
      return next({ ...args, input: { ...args.input, PageSize: 2 } });
    },
    { step: 'initialize' },
  );
  for (const priority of [1, 2, 3, 4, 5]) await rule(arn, priority);
  expect(Object.keys(await read(arn))).toEqual(['1', '2', '3', '4', '5']);
  expect(asked).toHaveLength(3);
});

test('a listener that is not there is a fault', async () => {
  const { listener, read } = await started();
  const arn = await listener('Listener');
  await expect(read(arn.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).rejects.toMatchObject({
    name: 'ListenerNotFoundException',
  });
});
