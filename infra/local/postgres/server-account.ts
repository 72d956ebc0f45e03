import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: root hands it to nobody; everyone else runs it as themselves (undefined). */
export const serverAccount = (): ServerAccount | undefined =>
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/** Whether any account may walk down to a folder: every folder above it, and itself where it exists, has x for others. */
export const isTraversable = (path: string): boolean => {
  const absolute = resolve(path);
  const above = dirname(absolute);
  const stat = statSync(absolute, { throwIfNoEntry: false });
  const isOpen = stat === undefined || (stat.mode & 0o001) !== 0;
  return isOpen && (above === absolute || isTraversable(above));
};

/** A folder that belongs to the server's account alone. */
export const ownFolder = (path: string, account: ServerAccount | undefined): void => {
  mkdirSync(path, { recursive: true });
  if (account) chownSync(path, account.uid, account.gid);
};

/**
 * Where the server's account can keep data: the folder wanted, temporary folders being opened for passing through; or, when
 * it lies in a place that is closed to others, as root's home is, a folder of /var/tmp, which survives a reboot.
 * @throws Error when the name of that folder is taken by someone else
 */
export const dataDirectory = (wanted: string, account: ServerAccount | undefined): string => {
  mkdirSync(wanted, { recursive: true });
  if (!account) return wanted;
  openTemporary(resolve(wanted));
  return isTraversable(wanted) ? wanted : elsewhere(wanted, account);
};

const openTemporary = (path: string): void => {
  if (!path.startsWith(join(tmpdir(), '/'))) return;
  chmodSync(path, statSync(path).mode | 0o001);
  openTemporary(dirname(path));
};

const elsewhere = (wanted: string, account: ServerAccount): string => {
  const parent = ['/var/tmp', tmpdir()].find(isTraversable) ?? '/var/tmp';
  const hash = createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 16);
  const folder = join(parent, `slipway-databases-${hash}`);
  const owner = lstatSync(folder, { throwIfNoEntry: false })?.uid ?? account.uid;
  if (owner !== account.uid)
    throw new Error(
      `${folder} is needed for databases but belongs to another user (${owner}). Remove it and start again.`,
    );
  ownFolder(folder, account);
  return folder;
};
