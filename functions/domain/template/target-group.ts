import type { Route, Runtime } from '../application/runtime.ts';
import { type Build, type Resources, ref } from './build.ts';
import { logicalName } from './names.ts';
import { hasOwnInterface } from './network.ts';
import { PUBLIC_PORT, SIDECAR } from './sidecar-names.ts';

/** Where a route leads: one target group for each (protocol, container, port) of a runtime. */
export interface RouteTarget {
  readonly runtime: string;
  readonly protocol: Route['protocol'];
  readonly container: string;
  readonly port: number;
}

/** The targets of a runtime's routes, each once, in a fixed order. */
export const routeTargets = (runtime: Runtime): readonly RouteTarget[] => {
  const targets = new Map<string, RouteTarget>();
  for (const route of runtime.routes) {
    const target = routeTarget(route, runtime);
    targets.set(`${target.container} ${target.port.toString().padStart(5, '0')} ${target.protocol}`, target);
  }
  return [...targets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
};

/** Where the load balancer sends the requests of a route; behind the sidecar they go on to the route's own container. */
export const routeTarget = (route: Route, runtime: Runtime): RouteTarget => {
  const { name, containers } = runtime;
  const { protocol, targetContainer = containers[0]?.name ?? '', port } = route;
  return isDirect(route, runtime)
    ? { runtime: name, protocol, container: targetContainer, port }
    : { runtime: name, protocol, container: SIDECAR, port: PUBLIC_PORT };
};

/** Whether requests come to the container itself: by the route's own word, or because its runtime says so of all. */
export const isDirect = ({ bypassIngress }: Route, { directIngress }: Runtime): boolean =>
  bypassIngress || directIngress;

export const targetGroupId = ({ runtime, protocol, container, port }: RouteTarget, { hash }: Build): string =>
  ['ElasticLoadBalancingV2TargetGroup', runtime, protocol.toLowerCase(), container]
    .map((part, index) => (index === 0 ? part : logicalName(part, hash)))
    .join('')
    .concat(`P${port}`);

export const targetGroup = (target: RouteTarget, build: Build): Resources => ({
  [targetGroupId(target, build)]: {
    Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    Properties: {
      Name: targetGroupName(target, build),
      VpcId: ref('VPCID'),
      Port: target.port,
      Protocol: 'HTTP',
      ProtocolVersion: target.protocol === 'GRPC' ? 'GRPC' : 'HTTP1',
      // Containers in bridge mode are reached on a port of their instance.
      TargetType: hasOwnInterface(build) ? 'ip' : 'instance',
      HealthCheckPath: target.protocol === 'GRPC' ? '/AWS.ALB/healthcheck' : '/healthz',
      Matcher: target.protocol === 'GRPC' ? { GrpcCode: '0-99' } : { HttpCode: '200,401,404' },
      // A new task takes traffic after 10 s. ELB wants a timeout below the interval, and its default is 5 s.
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 4,
      HealthyThresholdCount: 2,
      // 30 s without an answer, so that a short pause of the application does not end its task.
      UnhealthyThresholdCount: 6,
      TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
    },
  },
});

/**
 * At most 32 characters: stack and runtime as far as they fit, and a hash of all that makes it what it is. Changing
 * port, protocol or type thus makes another group beside the old one, where CloudFormation could not replace a named one.
 */
const targetGroupName = (target: RouteTarget, { stack, hash, cluster }: Build) => {
  const { runtime, protocol, container, port } = target;
  const type = hasOwnInterface({ cluster }) ? ['ip'] : [];
  const identity = hash(JSON.stringify([stack, runtime, container, protocol, port, ...type])).slice(0, 8);
  return `${`${stack}-${runtime}`.slice(0, 23).replace(/-+$/, '')}-${identity}`;
};
