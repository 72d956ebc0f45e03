import type { Runtime } from '../application/runtime.ts';
import type { Build } from './build.ts';
import { hasOwnInterface } from './network.ts';
import { routeTargets } from './target-group.ts';

/** The ports at which the load balancer reaches a container. */
export const portMappings = (container: string, runtime: Runtime, build: Build) => {
  const targets = routeTargets(runtime).filter((target) => target.container === container);
  const ports = [...new Set(targets.map(({ port }) => port))].sort((a, b) => a - b);
  if (ports.length === 0) return {};
  return {
    PortMappings: ports.map((port) => ({
      ContainerPort: port,
      // 0: a bridge picks a free port of the instance, and the target group learns it. An interface has no second port.
      HostPort: hasOwnInterface(build) ? port : 0,
      Protocol: 'tcp',
    })),
  };
};
