import type { PolicyDocument } from '../iam/policy.ts';
import type { World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { type EventPattern, eventPatternFrom } from './event-pattern.ts';
import { scheduleFrom } from './schedule.ts';

export interface RuleRecord {
  readonly busName: string;
  readonly ruleName: string;
  readonly arn: string;
  readonly pattern?: EventPattern;
  readonly scheduleExpression?: string;
  readonly isEnabled: boolean;
  readonly description: string;
  readonly madeAtMillis: number;
}

export interface TargetRecord {
  readonly id: string;
  readonly arn: string;
  readonly roleArn?: string;
  readonly input?: string;
  readonly inputPath?: string;
  readonly inputTransformer?: {
    readonly inputPathsMap: Readonly<Record<string, string>>;
    readonly inputTemplate: string;
  };
  readonly deadLetterArn?: string;
  /** Tries after the first, and how long they go on; EventBridge's own are 185 and a day. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
}

export interface BusRecord {
  readonly name: string;
  readonly seed: string;
}

export const DEFAULT_BUS = 'default';

export type Rules = ReturnType<typeof rulesOf>;

/** Buses, rules and targets as the store holds them. */
export const rulesOf = (world: World) => {
  const buses = world.store.table<BusRecord>('events-buses');
  const policies = world.store.table<PolicyDocument>('events-bus-policies');
  const rules = world.store.table<RuleRecord>('events-rules');
  const targets = world.store.table<TargetRecord>('events-targets');
  const targetsOf = ({ busName, ruleName }: Pick<RuleRecord, 'busName' | 'ruleName'>): TargetRecord[] =>
    targets.list(`${busName}/${ruleName}/`).map(({ value }) => value);
  return {
    buses,
    policies,
    rules,
    targets,
    targetsOf,
    busArn: (name: string) => `arn:aws:events:${world.region}:${world.account}:event-bus/${name}`,
    /** The name of a bus given by name or ARN; throws ResourceNotFoundException. */
    getBus: (nameOrArn: string = DEFAULT_BUS): string => {
      const name = nameOrArn.replace(/^arn:.*:event-bus\//, '');
      if (name === DEFAULT_BUS || buses.get(name)) return name;
      throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
    },
    getRule: (busName: string, ruleName: string): RuleRecord => {
      const rule = rules.get(`${busName}/${ruleName}`);
      if (rule) return rule;
      throw new AwsError('ResourceNotFoundException', `Rule ${ruleName} does not exist on EventBus ${busName}.`);
    },
    deleteRule: (busName: string, ruleName: string): void => {
      for (const { key } of targets.list(`${busName}/${ruleName}/`)) targets.delete(key);
      rules.delete(`${busName}/${ruleName}`);
    },
  };
};

export interface RuleRequest {
  readonly busName: string;
  readonly ruleName: string;
  /** Text or object. */
  readonly pattern?: unknown;
  readonly scheduleExpression?: unknown;
  readonly state?: unknown;
  readonly description?: unknown;
}

/** Checks a rule as PutRule does; throws InvalidEventPatternException or ValidationException. */
export const ruleFrom = (world: World, request: RuleRequest, madeAtMillis = world.clock.now()): RuleRecord => {
  const { busName, ruleName, scheduleExpression } = request;
  if (request.pattern === undefined && scheduleExpression === undefined)
    throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (scheduleExpression !== undefined && busName !== DEFAULT_BUS)
    throw new AwsError('ValidationException', 'ScheduleExpression is supported only on the default event bus.');
  if (scheduleExpression !== undefined) scheduleFrom(String(scheduleExpression));
  const path = busName === DEFAULT_BUS ? ruleName : `${busName}/${ruleName}`;
  return {
    busName,
    ruleName,
    arn: `arn:aws:events:${world.region}:${world.account}:rule/${path}`,
    isEnabled: (request.state ?? 'ENABLED') !== 'DISABLED',
    description: String(request.description ?? ''),
    madeAtMillis,
    ...(request.pattern !== undefined && { pattern: eventPatternFrom(request.pattern) }),
    ...(scheduleExpression !== undefined && { scheduleExpression: String(scheduleExpression) }),
  };
};
