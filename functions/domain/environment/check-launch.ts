import type { Runtime } from '../application/runtime.ts';
import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';
import { fargateSize } from '../template/fargate-size.ts';
import { hasOwnInterface } from '../template/network.ts';
import { sidecarDuties } from '../template/sidecar-duties.ts';
import { ADAPTER_PORT, PUBLIC_PORT, SIDECAR } from '../template/sidecar-names.ts';
import { routeTargets } from '../template/target-group.ts';
import { demandOf } from '../template/task-size.ts';
import type { CheckInput } from './check-input.ts';

/** What cannot run on Fargate, or not in this cluster; on instances nothing of it matters. */
export const checkLaunch = (input: CheckInput): readonly Finding[] => {
  if (!hasOwnInterface(input)) return [];
  const { application, cluster } = input;
  return [
    ...(cluster.aws.ecsCluster.subnetIds.length > 0
      ? []
      : [findingAt([], `the cluster ${cluster.name} has launchType FARGATE and no cluster.aws.ecsCluster.subnetIds`)]),
    ...application.runtimes.flatMap((runtime, index) => {
      const keys = ['runtimes', index];
      return [
        ...dockerSockets(runtime, keys),
        ...sharedPorts(runtime, input, keys),
        ...(fargateSize(demandOf(runtime, input)) ? [] : [findingAt(keys, tooLarge(demandOf(runtime, input)))]),
      ];
    }),
  ];
};

const dockerSockets = ({ containers }: Runtime, keys: Keys): Finding[] =>
  containers.flatMap(({ mountDockerSocket }, index) =>
    mountDockerSocket
      ? [
          findingAt(
            [...keys, 'containers', index, 'mountDockerSocket'],
            'Fargate has no instance whose Docker could be used: deploy to a cluster with launchType EC2',
          ),
        ]
      : [],
  );

/** The containers of a task share its interface, so each port has one listener. */
const sharedPorts = (runtime: Runtime, input: CheckInput, keys: Keys): Finding[] => {
  const duties = sidecarDuties(runtime, input);
  const listeners = [
    ...(duties.ingress ? [{ container: SIDECAR, port: PUBLIC_PORT }] : []),
    ...(duties.adapter ? [{ container: SIDECAR, port: ADAPTER_PORT }] : []),
    ...routeTargets(runtime),
    ...duties.endpoints,
  ];
  const clashes = listeners.flatMap(({ container, port }, index) => {
    const other = listeners.slice(0, index).find((one) => one.port === port && one.container !== container);
    return other ? [`${other.container} and ${container} would both listen on port ${port}`] : [];
  });
  return [...new Set(clashes)].map((clash) =>
    findingAt(keys, `${clash}, and on Fargate the containers of a task are one host: give one another port`),
  );
};

/** What is said of a task that is larger than any of Fargate's. */
export const tooLarge = ({ cpu, memory }: { readonly cpu: number; readonly memory: number }) =>
  `needs ${cpu} CPU units and ${memory} MiB: no task of Fargate has more than 16384 and 122880`;
