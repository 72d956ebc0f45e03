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
  /** Of the hidden superuser; absent on a server that was given by URL. */
  readonly superuserPassword?: string;
  readonly masterSecretArn?: string;
}
