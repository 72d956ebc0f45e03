import type { Subscription } from '../application/runtime.ts';
import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';
import { subscriptionForm } from '../template/subscription-form.ts';
import type { CheckInput } from './check-input.ts';
import type { Cluster } from './cluster.ts';

/** What an application sends and receives: names that mean something, and a bus to carry it. */
export const checkMessages = ({ application, cluster }: CheckInput): readonly Finding[] => [
  ...application.runtimes.flatMap(({ subscriptions }, runtime) =>
    subscriptions.flatMap((subscription, index) =>
      checkSubscription(subscription, subscriptions.slice(0, index), ['runtimes', runtime, 'subscriptions', index]),
    ),
  ),
  ...(application.targets.length > 0 && !cluster.aws.eventBridge
    ? [findingAt(['targets'], `need cluster.aws.eventBridge, which the cluster ${cluster.name} does not have`)]
    : []),
  ...malformedBus(cluster),
];

const checkSubscription = (
  { name, envName, rawMessage }: Subscription,
  before: readonly Subscription[],
  keys: Keys,
): Finding[] => {
  const form = subscriptionForm(name);
  if (form.kind === 'unknown') return [findingAt([...keys, 'name'], form.message, form.nearest)];
  // A message of a topic says itself whether its body is raw: `github:push` is, in applications of o5.
  if (form.kind === 'topic') return [];
  if (form.kind !== 'infra')
    return rawMessage
      ? [
          findingAt(
            [...keys, 'rawMessage'],
            'is for topics: leave it out, messages of services and global events are always in the form of o5',
          ),
        ]
      : [];
  return [
    ...(envName === undefined
      ? []
      : [findingAt([...keys, 'envName'], `${name} belongs to the cluster, whose environments share it: leave it out`)]),
    ...(before.some((other) => other.name === name && (other.rawMessage === false) !== (rawMessage === false))
      ? [
          findingAt(
            [...keys, 'rawMessage'],
            `another subscription of the runtime to ${name} says otherwise, and its queue gets each message once`,
          ),
        ]
      : []),
  ];
};

/** Rules are named after their bus, so its name has to be known. */
const malformedBus = ({ name, aws: { eventBridge } }: Cluster): Finding[] =>
  eventBridge === undefined || /:event-bus\/[\w./-]+$/.test(eventBridge.eventBusArn)
    ? []
    : [
        findingAt(
          [],
          `cluster.aws.eventBridge.eventBusArn of ${name} is not the ARN of an event bus: ${eventBridge.eventBusArn}`,
        ),
      ];
