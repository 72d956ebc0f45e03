import { randomUUID } from 'node:crypto';
import { oneOrMore, type Statement, statementsOf, verdictOf } from '../iam/policy.ts';
import type { CloudEvent, Part, World } from '../part.ts';
import { type BusEvent, busEventFrom } from './bus-event.ts';
import { deliveriesOf } from './deliveries.ts';
import { type Delivery, type DeliveryOptions, deliverOnce } from './delivery.ts';
import { fitsPattern } from './event-pattern.ts';
import { eventsResources } from './events-resources.ts';
import { eventsService } from './events-service.ts';
import { eventFaults, type Fault } from './faults.ts';
import { DEFAULT_BUS, type RuleRecord, rulesOf } from './rules.ts';
import { schedulesOf } from './schedules.ts';
import { targetInput } from './target-input.ts';

export interface EventsOptions extends Omit<DeliveryOptions, 'forward'> {
  /** False lets no rule run by the clock. */
  readonly schedules?: boolean;
}

export interface Events {
  /** Puts a service's event on the default bus; it is on disk when this returns. */
  emit(event: CloudEvent): void;
  /** Makes deliveries go wrong; the result ends it. */
  inject(fault: Fault): () => void;
}

/** An event that goes from bus to bus in a circle ends here. */
const MOST_HOPS = 5;

/** EventBridge: buses, rules, schedules, and deliveries that survive a restart. The world's own `emit` is not used. */
export const createEvents = (world: World, options: EventsOptions): Part & Events => {
  const rules = rulesOf(world);
  const faults = eventFaults();

  const publish = (busName: string, event: BusEvent, hops = 0): void => {
    for (const { value: rule } of rules.rules.list(`${busName}/`))
      if (rule.isEnabled && rule.pattern && fitsPattern(rule.pattern, event)) sendToTargets(rule, event, hops);
  };

  const sendToTargets = (rule: RuleRecord, event: BusEvent, hops: number): void => {
    const now = world.clock.now();
    for (const target of rules.targetsOf(rule)) {
      const { deliveries: struck, released } = faults.strike({
        id: randomUUID(),
        ruleArn: rule.arn,
        target,
        event,
        payload: targetInput(rule, target, event),
        hops,
        attempt: 0,
        firstAtMillis: now,
        dueAtMillis: now + world.latency('events.delivery'),
      });
      for (const delivery of struck) deliveries.put(delivery);
      if (released !== undefined) deliveries.move(released, now + world.latency('events.delivery') + 1);
    }
  };

  const forward = ({ target, event, hops }: Delivery): string | undefined => {
    const busName = rules.getBus(target.arn);
    if (hops >= MOST_HOPS) return `the event was forwarded ${hops} times already`;
    const isForeign = target.arn.split(':')[4] !== world.account;
    if ((isForeign || target.roleArn === undefined) && !admits(busName, target.arn))
      return `${target.arn} has no policy that admits ${world.account}, and the target names no role of its account`;
    publish(busName, event, hops + 1);
    return undefined;
  };

  const admits = (busName: string, resource: string): boolean => {
    const named = rules.policies
      .list(`${busName}/`)
      .flatMap(({ value }) => statementsOf(value))
      .filter(({ Principal }) => namesAccount(Principal, world.account));
    const context = { 'aws:PrincipalAccount': world.account };
    return verdictOf([{ Statement: named }], { action: 'events:PutEvents', resource, context }) === 'allow';
  };

  const runByClock = (rule: RuleRecord, atMillis: number) => {
    const event = { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [rule.arn], detail: {} };
    sendToTargets(rule, busEventFrom(world, event, atMillis), 0);
  };

  const deliveries = deliveriesOf(world, (delivery) => deliverOnce(world, { ...options, forward }, delivery));
  const schedules = schedulesOf(world, rules, runByClock);
  const changed = (ruleKey: string) => {
    if (options.schedules !== false) schedules.arm(ruleKey);
  };
  return {
    emit: (event) => publish(DEFAULT_BUS, busEventFrom(world, event)),
    inject: faults.inject,
    services: [eventsService(world, rules, { publish, changed })],
    resources: eventsResources(world, rules, changed),
    start: async () => {
      deliveries.start();
      if (options.schedules !== false) schedules.start();
    },
    stop: async () => {
      deliveries.stop();
      schedules.stop();
    },
  };
};

const namesAccount = (principal: Statement['Principal'], account: string): boolean =>
  (principal === '*' ? ['*'] : oneOrMore(principal?.['AWS'])).some((name) =>
    ['*', account, `arn:aws:iam::${account}:root`].includes(name),
  );
