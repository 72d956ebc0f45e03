import type { ContainerDefinition } from './ecs-records.ts';

/** How the containers of a task find each other. */
export interface Neighbours {
  /** Ports of a container that the others name, beside those that it maps. */
  portsOf(container: string): readonly number[];
  /** What a container is told, with every address of another one made that of its process. */
  translate(container: string, text: string, hostPortOf: HostPortOf): string;
}

export type HostPortOf = (container: string, port: number) => number | undefined;

/** `main:8080`, alone or within a URL or a list. */
const ADDRESS = /(?<![\w.-])([\w.-]+):(\d{1,5})(?!\d)/g;

/**
 * On a bridge a container knows another by a link, `name` or `name:alias`; those of a task with an interface of its own
 * are `localhost` to each other. As processes of this machine they listen elsewhere, so that what a container is told in
 * its environment is translated when it starts. What is not linked stays as it is, and leads nowhere, as on AWS.
 */
export const neighboursOf = (definitions: readonly ContainerDefinition[], networkMode: unknown): Neighbours => {
  const ownerOf = networkMode === 'awsvpc' || networkMode === 'host' ? onOneHost(definitions) : byLink(definitions);
  const named = definitions.flatMap(({ name, environment = [] }) =>
    environment.flatMap(({ value }) =>
      [...String(value).matchAll(ADDRESS)].map(([, host = '', port]) => ({
        owner: ownerOf(name, host, Number(port)),
        port: Number(port),
      })),
    ),
  );
  return {
    portsOf: (container) => [...new Set(named.flatMap(({ owner, port }) => (owner === container ? [port] : [])))],
    translate: (container, text, hostPortOf) =>
      text.replace(ADDRESS, (address, host: string, port: string) => {
        const owner = ownerOf(container, host, Number(port));
        const hostPort = owner === undefined ? undefined : hostPortOf(owner, Number(port));
        return hostPort === undefined ? address : `127.0.0.1:${hostPort}`;
      }),
  };
};

/** Which container of the task another one means by a host and a port. */
type OwnerOf = (container: string, host: string, port: number) => string | undefined;

const byLink = (definitions: readonly ContainerDefinition[]): OwnerOf => {
  const links = definitions.flatMap(({ name, links: own = [] }) =>
    own.map((link) => {
      const [owner = '', alias = owner] = link.split(':');
      return { name, owner, alias };
    }),
  );
  return (container, host) => links.find(({ name, alias }) => name === container && alias === host)?.owner;
};

/** Who maps the port, else the first other container: nothing else says who listens there. */
const onOneHost =
  (definitions: readonly ContainerDefinition[]): OwnerOf =>
  (container, host, port) => {
    if (host !== 'localhost') return undefined;
    const mapping = definitions.find(({ portMappings = [] }) =>
      portMappings.some(({ containerPort }) => Number(containerPort) === port),
    );
    return (mapping ?? definitions.find(({ name }) => name !== container))?.name;
  };
