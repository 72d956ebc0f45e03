import type { Container } from '../application/container.ts';
import type { Runtime } from '../application/runtime.ts';
import type { Build } from './build.ts';
import { iamDatabases } from './database-access.ts';
import { DOCKER_SOCKET, mountsDockerSocket } from './docker-socket.ts';
import { SIDECAR, SOCKETS } from './sidecar-names.ts';

const sockets = 'sockets';
const dockerSocket = 'docker-socket';

/** What the containers of a runtime share with each other, or with the instance. */
export const volumes = (runtime: Runtime, build: Build) => {
  const named = [
    ...(mountsDockerSocket(runtime) ? [{ Name: dockerSocket, Host: { SourcePath: DOCKER_SOCKET } }] : []),
    ...(iamDatabases(runtime, build).length > 0 ? [{ Name: sockets }] : []),
  ];
  return named.length > 0 ? { Volumes: named } : {};
};

type Mounting = Pick<Container, 'name' | 'envVars' | 'mountDockerSocket'>;

/** Where a container finds them. */
export const mountPoints = (container: Mounting, runtime: Runtime, build: Build) => {
  const mounted = [
    ...(container.mountDockerSocket ? [{ SourceVolume: dockerSocket, ContainerPath: DOCKER_SOCKET }] : []),
    ...(usesSockets(container, runtime, build) ? [{ SourceVolume: sockets, ContainerPath: SOCKETS }] : []),
  ];
  return mounted.length > 0 ? { MountPoints: mounted } : {};
};

const usesSockets = ({ name, envVars }: Mounting, runtime: Runtime, build: Build): boolean =>
  iamDatabases(runtime, build).some(
    (proxied) => name === SIDECAR || envVars.some(({ database }) => database?.databaseName === proxied.name),
  );
