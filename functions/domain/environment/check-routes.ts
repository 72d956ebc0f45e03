import type { Application } from '../application/application.ts';
import type { Route } from '../application/runtime.ts';
import { type Finding, findingAt } from '../configuration/finding.ts';
import { hasTooManyWildcards, pathPattern } from '../template/listener-rule.ts';
import { routeTargets } from '../template/target-group.ts';
import type { Environment } from './environment.ts';

/** The routes of an application: ELB's limits, and that no route is dead because another takes all its requests. */
export const checkRoutes = ({ runtimes }: Application, environment: Environment): readonly Finding[] => {
  const routes = runtimes.flatMap((runtime, at) =>
    runtime.routes.map((route, index) => ({ route, keys: ['runtimes', at, 'routes', index] as const })),
  );
  return [
    ...runtimes.flatMap((runtime, index) =>
      routeTargets(runtime).length > maxTargetGroups
        ? [
            findingAt(
              ['runtimes', index, 'routes'],
              'lead to more than 5 containers and ports: ECS takes 5 per service',
            ),
          ]
        : [],
    ),
    ...routes.flatMap(({ route, keys }, index) => {
      const earlier = routes.slice(0, index).find((other) => isSameRequest(other.route, route));
      return [
        ...(earlier ? [findingAt(keys, `matches the same requests as ${spot(earlier.keys)}`)] : []),
        ...(hasTooManyWildcards(route, { environment }) ? [findingAt(keys, tooWild(environment))] : []),
        ...longHosts(route, environment).map((host) =>
          findingAt(keys, `makes the host ${host}: ELB takes 128 characters`),
        ),
      ];
    }),
  ];
};

/** ECS's limit of target groups for a service. */
const maxTargetGroups = 5;

const isSameRequest = (a: Route, b: Route) =>
  pathPattern(a) === pathPattern(b) &&
  (a.subdomains.length === 0
    ? b.subdomains.length === 0
    : a.subdomains.some((one) => b.subdomains.some((other) => one.toLowerCase() === other.toLowerCase())));

const spot = ([, runtime, , route]: readonly ['runtimes', number, 'routes', number]) =>
  `runtimes[${runtime}].routes[${route}]`;

const tooWild = ({ aws: { hostHeader } }: Environment) =>
  `holds more than the 6 wildcards that a listener rule takes, those of the environment's host header ${hostHeader} included`;

const longHosts = ({ subdomains }: Route, { aws: { hostHeader } }: Environment) =>
  subdomains.map((subdomain) => `${subdomain}.${hostHeader}`).filter((host) => host.length > 128);
