import type { BoundPort, ContainerDefinition } from './ecs-records.ts';
import type { FreePorts } from './free-ports.ts';
import { neighboursOf } from './neighbours.ts';

/** Where the containers of one task listen on this machine; taken before the first of them starts. */
export interface TaskPorts {
  /** Those that a container maps, first, and those by which its neighbours know it. */
  of(container: string): readonly BoundPort[];
  /** A text of a container's environment, with its neighbours' addresses on this machine. */
  translate(container: string, text: string): string;
  give(): void;
}

export const takeTaskPorts = async (
  definitions: readonly ContainerDefinition[],
  networkMode: unknown,
  ports: FreePorts,
): Promise<TaskPorts> => {
  const neighbours = neighboursOf(definitions, networkMode);
  const bound = new Map<string, readonly BoundPort[]>();
  for (const { name, portMappings = [] } of definitions) {
    const mapped = portMappings.map(({ containerPort }) => Number(containerPort));
    const own: BoundPort[] = [];
    for (const containerPort of new Set([...mapped, ...neighbours.portsOf(name)]))
      own.push({ containerPort, hostPort: await ports.take() });
    bound.set(name, own);
  }
  const of = (container: string) => bound.get(container) ?? [];
  const hostPortOf = (container: string, port: number) =>
    of(container).find(({ containerPort }) => containerPort === port)?.hostPort;
  return {
    of,
    translate: (container, text) => neighbours.translate(container, text, hostPortOf),
    give: () => {
      for (const { hostPort } of [...bound.values()].flat()) ports.give(hostPort);
    },
  };
};
