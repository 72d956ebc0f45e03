import type { World } from '../part.ts';
import { jsonService } from '../wire/json.ts';
import { AwsError, type Input, type WireService } from '../wire/service.ts';
import { type BusEvent, busEventFrom } from './bus-event.ts';
import { DEFAULT_BUS, type RuleRecord, type Rules, ruleFrom } from './rules.ts';
import { shownTarget, targetRecordFrom } from './target-record.ts';

export interface EventsServiceOptions {
  readonly publish: (busName: string, event: BusEvent) => void;
  /** Told of every rule that changed. */
  readonly changed: (ruleKey: string) => void;
}

const ENTRIES = 10;
const ENTRY_BYTES = 256 * 1024;

/** PutEvents, PutRule, PutTargets, DescribeRule, ListRules, ListTargetsByRule. */
export const eventsService = (world: World, rules: Rules, { publish, changed }: EventsServiceOptions): WireService => {
  const busOf = (input: Input) => rules.getBus(input.EventBusName);
  const ruleResource = (name: 'Name' | 'Rule') => (input: Input) => {
    const bus = String(input.EventBusName ?? DEFAULT_BUS).replace(/^arn:.*:event-bus\//, '');
    const path = bus === DEFAULT_BUS ? input[name] : `${bus}/${input[name]}`;
    return [`arn:aws:events:${world.region}:${world.account}:rule/${path}`];
  };
  return jsonService('events', '1.1', {
    PutEvents: {
      actions: [],
      // A policy may name sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
      alsoNeeds: (input) =>
        entriesOf(input).map(({ EventBusName, Source, DetailType }) => ({
          action: 'events:PutEvents',
          resources: [rules.busArn(rules.getBus(EventBusName))],
          context: { 'events:source': String(Source), 'events:detail-type': String(DetailType) },
        })),
      run: (input) => {
        const results = entriesOf(input).map((entry) => {
          const fault = faultOf(entry);
          if (fault) return fault;
          const event = eventFrom(world, entry);
          publish(rules.getBus(entry.EventBusName), event);
          return { EventId: event.id };
        });
        return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
      },
    },
    PutRule: {
      resources: ruleResource('Name'),
      run: (input) => {
        const busName = busOf(input);
        const known = rules.rules.get(`${busName}/${input.Name}`);
        const request = {
          busName,
          ruleName: String(input.Name),
          pattern: input.EventPattern,
          scheduleExpression: input.ScheduleExpression,
          state: input.State,
          description: input.Description,
        };
        const rule = ruleFrom(world, request, known?.madeAtMillis);
        rules.rules.put(`${busName}/${rule.ruleName}`, rule);
        changed(`${busName}/${rule.ruleName}`);
        return { RuleArn: rule.arn };
      },
    },
    PutTargets: {
      resources: ruleResource('Rule'),
      run: (input) => {
        const { busName, ruleName } = rules.getRule(busOf(input), String(input.Rule));
        for (const target of (input.Targets ?? []).map(targetRecordFrom))
          rules.targets.put(`${busName}/${ruleName}/${target.id}`, target);
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    },
    DescribeRule: {
      resources: ruleResource('Name'),
      run: (input) => shown(rules.getRule(busOf(input), String(input.Name))),
    },
    ListRules: {
      run: (input) => ({
        Rules: rules.rules.list(`${busOf(input)}/${input.NamePrefix ?? ''}`).map(({ value }) => shown(value)),
      }),
    },
    ListTargetsByRule: {
      resources: ruleResource('Rule'),
      run: (input) => ({ Targets: rules.targetsOf(rules.getRule(busOf(input), String(input.Rule))).map(shownTarget) }),
    },
  });
};

const entriesOf = (input: Input): readonly Input[] => {
  const entries = input.Entries ?? [];
  if (entries.length >= 1 && entries.length <= ENTRIES) return entries;
  throw new AwsError('ValidationException', `Entries must have 1 to ${ENTRIES} members, not ${entries.length}`);
};

/** A bad entry fails alone: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const faultOf = ({ Source, DetailType, Detail }: Input): { ErrorCode: string; ErrorMessage: string } | undefined => {
  if (!Source || !DetailType || Detail === undefined)
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameters Source, DetailType and Detail are required.' };
  if (String(Source).startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  if (Buffer.byteLength(Detail) > ENTRY_BYTES)
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Total size of the entry is above 256 KB.' };
  return isObject(Detail) ? undefined : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
};

const isObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

const eventFrom = (world: World, { Source, DetailType, Detail, Resources, Time }: Input): BusEvent =>
  busEventFrom(
    world,
    { source: Source, 'detail-type': DetailType, detail: JSON.parse(Detail), resources: Resources ?? [] },
    Time === undefined ? world.clock.now() : Number(Time) * 1000,
  );

const shown = (rule: RuleRecord) => ({
  Name: rule.ruleName,
  Arn: rule.arn,
  EventBusName: rule.busName,
  State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
  Description: rule.description,
  ...(rule.pattern && { EventPattern: JSON.stringify(rule.pattern) }),
  ...(rule.scheduleExpression && { ScheduleExpression: rule.scheduleExpression }),
});
