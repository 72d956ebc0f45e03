import type { Binaries } from './binaries.ts';
import type { ServerAccount } from './server-account.ts';

/** The bootstrap superuser, hidden as in RDS: nobody but this cloud has its password. */
export const SUPERUSER = 'rdsadmin';

export interface ServerOptions {
  readonly binaries: Binaries;
  readonly account: ServerAccount | undefined;
  /** Holds the data directory and the server's log. */
  readonly directory: string;
  readonly superuserPassword: string;
  /** The port to listen on; without it a free one is chosen. */
  readonly port?: number | undefined;
  /** Ports that are not to be chosen, whoever has them now. */
  readonly keepFree?: readonly number[];
  /** Where a front door reaches it past passwords; without it there is no socket. */
  readonly socketFolder?: string | undefined;
}

export const superuserUrl = (port: number, password: string): string =>
  `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;

/** How the programs are run: as the account, with no setting of the machine. */
export const environment = (account: ServerAccount | undefined, cwd: string) => ({
  ...account,
  cwd,
  env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
});
