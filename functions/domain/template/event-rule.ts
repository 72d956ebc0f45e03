import type { Runtime, Subscription } from '../application/runtime.ts';
import { type Build, type Resources, ref } from './build.ts';
import { eventPattern, patternGroups } from './event-pattern.ts';
import { fitted, logicalIds, parameterNames, shortLogicalName } from './names.ts';
import { subscriptionForm } from './subscription-form.ts';

/** One rule on the cluster's bus, which sends messages of one environment, or of all, to the queue of a runtime. */
export interface EventRule {
  readonly id: string;
  readonly arn: string;
  readonly resources: Resources;
}

/**
 * The rules of a runtime, by id: at least one for each environment that it subscribes to.
 * @throws for names, links and a bus that are not there: the application was not checked.
 */
export const eventRules = (runtime: Runtime, build: Build): readonly EventRule[] => {
  const sources = new Map<string, Source>();
  for (const subscription of runtime.subscriptions)
    if (subscriptionForm(subscription.name).kind !== 'infra') {
      const source = sourceOf(subscription, build);
      const before = sources.get(source.word)?.names ?? [];
      sources.set(source.word, { ...source, names: [...before, subscription.name] });
    }
  return [...sources.values()]
    .flatMap((source) => rulesOf(source, runtime, build))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
};

/** An environment that messages come from. */
interface Source {
  /** Its part of logical ids and names. */
  readonly word: string;
  /** Full name, as text and as the template says it; every environment has none. */
  readonly text?: string;
  readonly value?: unknown;
  readonly names: readonly string[];
}

const sourceOf = ({ envName }: Subscription, { environment, hash }: Build): Source => {
  if (envName === '*') return { word: 'All', names: [] };
  const links = environment.aws.environmentLinks;
  const text = envName === undefined ? environment.fullName : fullNameOf(envName, links);
  // A link to the environment itself is no other source, and neither is a second link to the same one.
  if (text === environment.fullName) return { word: 'Own', text, value: ref('EnvName'), names: [] };
  const [first = ''] = links.flatMap((link) => (link.fullName === text ? [link.lookupName] : [])).sort();
  const value = ref(parameterNames.link(first, hash));
  return { word: `Link${shortLogicalName(first, hash)}`, text, value, names: [] };
};

const fullNameOf = (envName: string, links: Build['environment']['aws']['environmentLinks']): string => {
  const link = links.find(({ lookupName }) => lookupName === envName);
  if (!link) throw new Error(`There is no environment link ${envName}: check it first`);
  return link.fullName;
};

const rulesOf = (source: Source, runtime: Runtime, build: Build): readonly EventRule[] => {
  const { environment, application } = build;
  const forms = source.names.map((name) => subscriptionForm(name));
  for (const form of forms) if (form.kind === 'unknown') throw new Error(`${form.message}: check it first`);
  const texts = { sourceEnv: source.text, replyTo: `${environment.fullName}/${application.name}` };
  const values = { sourceEnv: source.value, replyTo: { 'Fn::Sub': `\${EnvName}/${application.name}` } };
  return patternGroups(forms, texts).map((group, index) =>
    eventRule({ source, part: index + 1, pattern: eventPattern(group, values), runtime, build }),
  );
};

interface RuleParts {
  readonly source: Source;
  /** From 1; more than one where a pattern would be too long. */
  readonly part: number;
  readonly pattern: unknown;
  readonly runtime: Runtime;
  readonly build: Build;
}

const eventRule = ({ source, part, pattern, runtime, build }: RuleParts): EventRule => {
  const { stack, hash, cluster } = build;
  const id = logicalIds.eventRule(runtime.name, source.word, part);
  // EventBridge takes 64 characters.
  const name = fitted([stack, runtime.name, source.word, ...(part > 1 ? [part] : [])].join('-'), 64, hash);
  return {
    id,
    arn: ruleArn(cluster.aws.eventBridge?.eventBusArn, name),
    resources: {
      [id]: {
        Type: 'AWS::Events::Rule',
        // What a rule may not deliver is lost, so the permission stands first; that is why the policy names no rule.
        DependsOn: logicalIds.queuePolicy(runtime.name),
        Properties: {
          Name: name,
          Description: `Messages of ${source.text ?? 'every environment'} for ${stack} ${runtime.name}`,
          EventBusName: ref('EventBusARN'),
          EventPattern: pattern,
          Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': [logicalIds.queue(runtime.name), 'Arn'] } }],
        },
      },
    },
  };
};

/** Rules of the default bus go without its name. */
const ruleArn = (busArn: string | undefined, name: string): string => {
  const [account = '', bus] = busArn?.split(':event-bus/') ?? [];
  if (bus === undefined) throw new Error(`The cluster has no event bus (${busArn}): check it first`);
  return `${account}:rule/${bus === 'default' ? name : `${bus}/${name}`}`;
};
