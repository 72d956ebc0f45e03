import { chownSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError, type Input } from '../wire/service.ts';
import type { EcsOptions } from './ecs-options.ts';
import type { ContainerDefinition } from './ecs-records.ts';
import { type Mount, withFolders } from './mounted-paths.ts';

interface Volume {
  readonly name: string;
  readonly host?: { readonly sourcePath?: string };
}

/** The rest of a task definition's record. */
type Rest = Readonly<Record<string, unknown>>;

/** How a container of a task is told where the volumes are that it mounts: a text with their folders on this machine. */
type TranslatePaths = (container: ContainerDefinition, text: string) => string;

/**
 * Makes a folder of every volume that lives and ends with the task. It belongs to the account that runs the containers,
 * and to nobody else: whoever reaches a socket in it may be let in without a password.
 */
export const makeVolumes = (taskId: string, rest: Rest, { user }: Pick<EcsOptions, 'user'>): TranslatePaths => {
  const folders = new Map(ownVolumes(rest).map(({ name }, index) => [name, join(placeOf(taskId), String(index))]));
  for (const folder of folders.size ? [placeOf(taskId), ...folders.values()] : []) {
    mkdirSync(folder, { mode: 0o700 });
    if (user) chownSync(folder, user.uid, user.gid);
  }
  return ({ mountPoints = [] }, text) => {
    const mounts = mountPoints.flatMap(({ sourceVolume, containerPath }): readonly Mount[] => {
      const folder = folders.get(sourceVolume);
      return folder ? [{ path: containerPath, folder }] : [];
    });
    return withFolders(text, mounts);
  };
};

export const removeVolumes = (taskId: string): void =>
  rmSync(placeOf(taskId), { recursive: true, force: true, maxRetries: 3 });

/**
 * Short, because the path of a Unix socket has 107 bytes at most (unix(7)), and found again by the task's id alone: the
 * next life of the cloud removes what a crash left.
 */
const placeOf = (taskId: string) => join(tmpdir(), `ecs-${taskId.slice(0, 16)}`);

/** Volumes of the machine, of a file system or of Docker are not the task's: their paths mean here what they say. */
const ownVolumes = (rest: Rest): readonly Volume[] =>
  volumesIn(rest).filter(
    ({ host, name: _always, ...foreign }) => !host?.sourcePath && !Object.values(foreign).some(Boolean),
  );

const volumesIn = ({ volumes = [] }: Rest): readonly Volume[] => volumes as readonly Volume[];

/** Throws in the words of ECS when volumes and what containers mount do not fit each other. */
export const checkVolumes = (containers: readonly ContainerDefinition[], rest: Input): void => {
  const volumes = volumesIn(rest);
  const names = volumes.map(({ name }) => name);
  if (names.some((name) => !name)) throw refused('Volume name should not be null or empty.');
  if (new Set(names).size < names.length) throw refused('Volume names must be unique within a task definition.');
  for (const { host } of volumes) if (host?.sourcePath === '') throw refused('host.sourcePath should not be blank.');
  const onFargate = rest.requiresCompatibilities?.includes('FARGATE');
  if (onFargate && volumes.some(({ host }) => host?.sourcePath))
    throw refused('Fargate compatible task definitions do not support sourcePath');
  for (const { sourceVolume, containerPath } of containers.flatMap(({ mountPoints = [] }) => mountPoints)) {
    if (!names.includes(sourceVolume)) throw refused(`Unknown volume '${sourceVolume ?? null}'.`);
    if (!containerPath) throw refused('MountPoint containerPath should not be null or empty.');
  }
};

const refused = (message: string) => new AwsError('ClientException', message);
