import { loginToken } from '../adapters/postgres/login-token.ts';
import type { SignLogin } from '../adapters/postgres/sql-function.ts';
import type { SqlAnswer } from '../ports.ts';
import { requiredVariables } from './environment.ts';
import { lambdaWorld, type World } from './world.ts';

/** The wiring of `sql`: it signs with the credentials of its own role, which are others by the next call. */
export const sql = (run: (event: unknown, sign: SignLogin) => Promise<SqlAnswer>) => {
  const inWorld = (world: World) => (event: unknown) => run(event, signIn(world));
  return Object.assign(inWorld(lambdaWorld()), { in: inWorld });
};

const signIn =
  ({ environment, clock }: World): SignLogin =>
  async (login) => {
    const variables = requiredVariables(environment, ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
    const signer = {
      region: variables.AWS_REGION,
      accessKeyId: variables.AWS_ACCESS_KEY_ID,
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY,
      sessionToken: environment['AWS_SESSION_TOKEN'],
    };
    return loginToken(login, signer, clock.now());
  };
