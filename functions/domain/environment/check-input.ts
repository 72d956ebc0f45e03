import type { Application } from '../application/application.ts';
import type { Cluster } from './cluster.ts';
import type { Environment } from './environment.ts';

/** An application, and where it is to go. */
export interface CheckInput {
  readonly application: Application;
  readonly environment: Environment;
  readonly cluster: Cluster;
  /** Databases that stand on the cluster's servers, the application's own among them, where they are known. */
  readonly others?: readonly KnownDatabase[];
  /** Its databases are taken away, so that it does not matter how one logs in to them. */
  readonly destroys?: boolean;
}

/** A database that exists, and whose it is. */
export interface KnownDatabase {
  readonly databaseName: string;
  readonly environment: string;
  readonly application: string;
  readonly serverGroup: string;
  readonly key: string;
  /** How one logs in to it; unknown of one that nobody has a login for yet. */
  readonly byIam?: boolean;
}
