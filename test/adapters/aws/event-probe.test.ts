import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, expect, test } from '@jest/globals';
import { eventBridgeProbe } from '../../../functions/adapters/aws/event-probe.ts';
import { createEvents } from '../../../infra/local/events/events.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { create, startedFront, testWorld } from '../../local/test-world.ts';
import { sampleCluster } from '../../support/sample-configuration.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A role that may put events of the doctor on the default bus, as a cluster's deploy role may. */
const underRole = async () => {
  const world = testWorld();
  const iam = createIam(world);
  const events = createEvents(world, {
    invoke: async () => ({ payload: 'null' }),
    allowed: () => true,
    authorizeRole: iam.authorizeRole,
    schedules: false,
  });
  const bus = `arn:aws:events:${world.region}:${world.account}:event-bus/default`;
  await create(iam, 'AWS::IAM::Role', 'Role', {
    RoleName: 'deployer',
    AssumeRolePolicyDocument: { Statement: [] },
    Policies: [
      {
        PolicyName: 'probe',
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: 'events:PutEvents',
              Resource: bus,
              Condition: { 'ForAllValues:StringEquals': { 'events:source': ['slipway.doctor'] } },
            },
          ],
        },
      },
    ],
  });
  const front = await startedFront(iam, [events]);
  open.push(front);
  return new EventBridgeClient(front.as(`arn:aws:iam::${world.account}:role/deployer`));
};

test('a role that may send probes sends them, and no event of another source', async () => {
  const client = await underRole();
  await expect(eventBridgeProbe(client)(sampleCluster(), 'nonce-01')).resolves.toBeUndefined();
  const other = new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'Order', Detail: '{}' }] });
  await expect(client.send(other)).rejects.toThrow(/not authorized to perform: events:PutEvents/);
});

test('an event that the bus does not take is an error with the words of the bus', async () => {
  const client = new EventBridgeClient({ region: 'eu-central-1' });
  client.send = (async () => ({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }],
  })) as unknown as typeof client.send;
  await expect(eventBridgeProbe(client)(sampleCluster(), 'nonce-01')).rejects.toThrow(
    'The default bus refused an event: ThrottlingException, Rate exceeded',
  );
});
