import type { Application } from '../application/application.ts';
import type { Cluster } from './cluster.ts';
import type { Environment } from './environment.ts';

/** An application, and where it is to go. */
export interface CheckInput {
  readonly application: Application;
  readonly environment: Environment;
  readonly cluster: Cluster;
  /** Databases that other applications have on the cluster's servers, where they are known. */
  readonly others?: readonly KnownDatabase[];
}

/** A database that exists, and whose it is. */
export interface KnownDatabase {
  readonly databaseName: string;
  readonly environment: string;
  readonly application: string;
  readonly serverGroup: string;
  readonly key: string;
  /** Of its login; absent when one logs in by IAM. */
  readonly secretArn?: string;
}
