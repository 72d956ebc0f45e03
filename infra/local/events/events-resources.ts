import { generatedName } from '../generated-name.ts';
import { policyFrom } from '../iam/policy.ts';
import type { Properties, Resource, ResourceProvider, ResourceRequest, World } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import { DEFAULT_BUS, type Rules, ruleFrom } from './rules.ts';
import { targetRecordFrom } from './target-record.ts';

/** AWS::Events::EventBus, AWS::Events::EventBusPolicy and AWS::Events::Rule. */
export const eventsResources = (
  world: World,
  rules: Rules,
  changed: (ruleKey: string) => void,
): Readonly<Record<string, ResourceProvider>> => ({
  'AWS::Events::EventBus': busProvider(rules),
  'AWS::Events::EventBusPolicy': busPolicyProvider(rules),
  'AWS::Events::Rule': ruleProvider(world, rules, changed),
});

const busProvider = (rules: Rules): ResourceProvider => {
  const shown = (name: string): Resource => ({ physicalId: name, attributes: { Name: name, Arn: rules.busArn(name) } });
  return {
    create: async ({ properties, seed }) => {
      const name = String(properties['Name']);
      if (name === DEFAULT_BUS || (rules.buses.get(name)?.seed ?? seed) !== seed)
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
      rules.buses.put(name, { name, seed });
      return shown(name);
    },
    update: async ({ physicalId }) => shown(physicalId),
    delete: async ({ physicalId }) => {
      for (const { value } of rules.rules.list(`${physicalId}/`)) rules.deleteRule(value.busName, value.ruleName);
      rules.buses.delete(physicalId);
    },
  };
};

const busPolicyProvider = (rules: Rules): ResourceProvider => {
  const save = (properties: Properties): Resource => {
    const bus = rules.getBus(properties['EventBusName'] as string | undefined);
    const key = `${bus}/${properties['StatementId']}`;
    rules.policies.put(key, policyFrom({ Statement: statementFrom(properties, rules.busArn(bus)) }, 'identity'));
    return { physicalId: key, attributes: {} };
  };
  return {
    create: async ({ properties }) => save(properties),
    update: async ({ properties }) => save(properties),
    delete: async ({ physicalId }) => rules.policies.delete(physicalId),
  };
};

/** The older form of the resource names action and principal beside each other. */
const statementFrom = ({ Statement, Action, Principal }: Properties, busArn: string): unknown =>
  Statement ?? {
    Effect: 'Allow',
    Action,
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Resource: busArn,
  };

const ruleProvider = (world: World, rules: Rules, changed: (ruleKey: string) => void): ResourceProvider => {
  const save = (busName: string, ruleName: string, properties: Properties): Resource => {
    const known = rules.rules.get(`${busName}/${ruleName}`);
    const request = {
      busName,
      ruleName,
      pattern: properties['EventPattern'],
      scheduleExpression: properties['ScheduleExpression'],
      state: properties['State'],
      description: properties['Description'],
    };
    const rule = ruleFrom(world, request, known?.madeAtMillis);
    const targets = ((properties['Targets'] ?? []) as Input[]).map(targetRecordFrom);
    rules.deleteRule(busName, ruleName);
    rules.rules.put(`${busName}/${ruleName}`, rule);
    for (const target of targets) rules.targets.put(`${busName}/${ruleName}/${target.id}`, target);
    changed(`${busName}/${ruleName}`);
    return { physicalId: physicalIdFrom(busName, ruleName), attributes: { Arn: rule.arn } };
  };
  return {
    create: async ({ properties, ...request }) =>
      save(busIn(rules, properties), String(properties['Name'] ?? generatedName(request, 64)), properties),
    update: async ({ physicalId, properties }) => {
      const { busName, ruleName } = namesFrom(physicalId);
      return save(busName, ruleName, properties);
    },
    delete: async ({ physicalId }: ResourceRequest & { readonly physicalId: string }) => {
      const { busName, ruleName } = namesFrom(physicalId);
      rules.deleteRule(busName, ruleName);
      changed(`${busName}/${ruleName}`);
    },
  };
};

const busIn = (rules: Rules, properties: Properties) => rules.getBus(properties['EventBusName'] as string | undefined);

/** Ref of a rule: its name, on a bus of one's own `{bus}|{name}`. */
const physicalIdFrom = (busName: string, ruleName: string) =>
  busName === DEFAULT_BUS ? ruleName : `${busName}|${ruleName}`;

const namesFrom = (physicalId: string) => {
  const [first = '', second] = physicalId.split('|');
  return second === undefined ? { busName: DEFAULT_BUS, ruleName: first } : { busName: first, ruleName: second };
};
