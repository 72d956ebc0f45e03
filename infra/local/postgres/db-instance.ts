import { letters } from '../generated-name.ts';

/** A database instance as it is kept. */
export interface DbInstance {
  readonly id: string;
  /** The seed of the template resource that made it. */
  readonly seed: string;
  readonly engine: 'postgres';
  readonly host: string;
  readonly port: number;
  readonly masterUsername: string;
  readonly dbname?: string;
  readonly isProtected: boolean;
  /** Members of `rds_iam` log in with tokens of IAM. */
  readonly hasIamLogins?: true;
  /** Of the hidden superuser; absent on a server that was given by URL. */
  readonly superuserPassword?: string;
  readonly masterSecretArn?: string;
}

/** What policies call it by: `rds-db:connect` is given on `dbuser:{resource id}/{user}`. */
export const resourceIdOf = ({ seed }: Pick<DbInstance, 'seed'>): string => `db-${letters(seed, 26)}`;
