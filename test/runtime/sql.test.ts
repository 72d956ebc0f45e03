import { expect, test } from '@jest/globals';
import type { SignLogin } from '../../functions/adapters/postgres/sql-function.ts';
import type { SqlAnswer } from '../../functions/ports.ts';
import { sql } from '../../functions/runtime/sql.ts';
import type { World } from '../../functions/runtime/world.ts';

const login = { host: 'db.example', port: 5432, user: 'x' };

const worldOf = (environment: World['environment']): World => ({
  environment,
  clock: { now: () => new Date('2026-11-21T16:00:00Z'), sleep: async () => undefined },
  aws: {},
});

/** Answers with a token, so that the test reads what was signed. */
const signing = async (_: unknown, sign: SignLogin): Promise<SqlAnswer> => ({
  kind: 'rows',
  results: [[{ token: await sign(login) }]],
});

const tokenOf = async (handler: (event: unknown) => Promise<SqlAnswer>): Promise<URLSearchParams> => {
  const answer = await handler({});
  const [row] = (answer.kind === 'rows' && answer.results[0]) || [];
  return new URLSearchParams(String(row?.['token']).replace(/^.*\?/, ''));
};

test('tokens are signed with the credentials of the role as they are at the call, for the region of the function', async () => {
  const environment = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'ASIAFIRST',
    AWS_SECRET_ACCESS_KEY: 'one',
    AWS_SESSION_TOKEN: 'first',
  };
  const handler = sql(signing).in(worldOf(environment));
  const first = await tokenOf(handler);
  expect(first.get('X-Amz-Credential')).toBe('ASIAFIRST/20261121/eu-central-1/rds-db/aws4_request');
  expect(first.get('X-Amz-Security-Token')).toBe('first');
  Object.assign(environment, { AWS_ACCESS_KEY_ID: 'ASIASECOND', AWS_SESSION_TOKEN: 'second' });
  const second = await tokenOf(handler);
  expect(second.get('X-Amz-Credential')).toContain('ASIASECOND/');
  expect(second.get('X-Amz-Security-Token')).toBe('second');
});

test('a function without credentials names every variable that is missing', async () => {
  const handler = sql(signing).in(worldOf({ AWS_REGION: 'eu-central-1' }));
  await expect(handler({})).rejects.toThrow(
    'These environment variables are missing: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY',
  );
});
