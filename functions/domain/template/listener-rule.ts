import type { Route, Runtime } from '../application/runtime.ts';
import { type Build, type Resources, ref } from './build.ts';
import { routeTarget, targetGroupId } from './target-group.ts';
import type { Parameter } from './template.ts';

/** One rule on the cluster's listener: a route, or a part of one with many subdomains. */
export interface Rule {
  readonly id: string;
  readonly priority: Extract<Parameter, { kind: 'rulePriority' }>;
  readonly resources: Resources;
}

/** The rules of a runtime, by id. */
export const listenerRules = (runtime: Runtime, build: Build): readonly Rule[] =>
  runtime.routes
    .flatMap((route) => hostParts(route, build).map((hosts) => listenerRule(route, hosts, runtime, build)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const listenerRule = (route: Route, hosts: readonly string[], runtime: Runtime, build: Build): Rule => {
  // What a rule matches is its identity: it keeps id and priority wherever else the route leads.
  const identity = build.hash(JSON.stringify([pathPattern(route), hosts])).slice(0, 12);
  const id = `ListenerRule${identity}`;
  const priority = `${PRIORITY}${groupWord[route.routeGroup]}${identity}`;
  return {
    id,
    priority: {
      kind: 'rulePriority',
      name: priority,
      group: route.routeGroup,
      listenerArn: build.cluster.aws.albIngress.listenerArn,
    },
    resources: {
      [id]: {
        Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
        Properties: {
          ListenerArn: ref('ListenerARN'),
          Priority: ref(priority),
          Conditions: [
            { Field: 'path-pattern', PathPatternConfig: { Values: [pathPattern(route)] } },
            { Field: 'host-header', HostHeaderConfig: { Values: hosts.map(hostValue) } },
          ],
          Actions: [{ Type: 'forward', TargetGroupArn: ref(targetGroupId(routeTarget(route, runtime), build)) }],
        },
      },
    },
  };
};

/** As the original names them; a changed group takes a new number from its own range. */
const groupWord = { FIRST: 'First', NORMAL: '', FALLBACK: 'Fallback' } as const;

const PRIORITY = 'ListenerRulePriority';

/** Whether a parameter of a stack is the priority of a rule; no other name begins so. */
export const isRulePriority = (parameter: string): boolean => parameter.startsWith(PRIORITY);

export const pathPattern = ({ prefix }: Pick<Route, 'prefix'>): string => `${prefix.replace(/\*+$/, '')}*`;

/** No subdomain means the environment's host header itself. */
const hostValue = (subdomain: string) =>
  subdomain === '' ? ref('HostHeader') : { 'Fn::Sub': `${subdomain}.\${HostHeader}` };

/** ELB takes 5 values and 6 wildcards in the conditions of one rule; the original's bound of 3 hosts is kept. */
const maxHosts = 3;
const maxWildcards = 6;

/** A route's subdomains in groups that fit one rule each. */
export const hostParts = (
  route: Route,
  { environment }: Pick<Build, 'environment'>,
): readonly (readonly string[])[] => {
  const hosts = [...new Set(route.subdomains)].sort();
  if (hosts.length === 0) return [['']];
  const widest = Math.max(...hosts.map((host) => wildcards(host))) + wildcards(environment.aws.hostHeader);
  const room = maxWildcards - wildcards(pathPattern(route));
  const size = Math.max(1, Math.min(maxHosts, Math.floor(room / Math.max(widest, 1))));
  return Array.from({ length: Math.ceil(hosts.length / size) }, (_, part) =>
    hosts.slice(part * size, (part + 1) * size),
  );
};

/** Whether no rule can hold the route, however it is split. */
export const hasTooManyWildcards = (route: Route, { environment }: Pick<Build, 'environment'>): boolean => {
  const hosts = route.subdomains.length === 0 ? [''] : route.subdomains;
  const widest = Math.max(...hosts.map(wildcards)) + wildcards(environment.aws.hostHeader);
  return widest + wildcards(pathPattern(route)) > maxWildcards;
};

const wildcards = (text: string) => text.replaceAll(/[^*?]/g, '').length;
