import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lambdaSqlRunner } from '../../../functions/adapters/aws/sql-runner.ts';
import type { SqlAnswer, SqlRunner } from '../../../functions/ports.ts';
import { type LambdaWorld, lambdaWorld } from '../../local/lambda/lambda-world.ts';

let world: LambdaWorld;
let sql: SqlRunner;
let client: LambdaClient;
let behave: (event: unknown) => Promise<SqlAnswer>;
beforeAll(async () => {
  world = await lambdaWorld(() => (event) => behave(event));
  world.asset('code', { 'main.mjs': '' });
  const { attributes } = await world.make('sql');
  client = new LambdaClient(world.front.operator);
  sql = lambdaSqlRunner(client, String(attributes['Arn']));
});
afterAll(async () => {
  client.destroy();
  await world.close();
});

const connection = { host: 'db', port: 5432, database: 'shop', user: 'admin', password: 'päss', tls: true };

test('statements go to the function as they are, and its answer comes back', async () => {
  const seen: unknown[] = [];
  behave = async (event) => {
    seen.push(event);
    return { kind: 'rows', results: [[{ name: 'ü' }]] };
  };
  const statements = [{ text: 'SELECT $1', values: ['x', null, 3, true, ['a']] }];
  expect(await sql.run(connection, statements)).toEqual({ kind: 'rows', results: [[{ name: 'ü' }]] });
  await sql.run(connection, statements, { transaction: true });
  expect(seen).toEqual([
    { connection, statements, transaction: false },
    { connection, statements, transaction: true },
  ]);
});

test('a statement that fails is an answer, not a fault', async () => {
  behave = async () => ({ kind: 'failed', statement: 1, code: '42P01', message: 'no such table' });
  expect(await sql.run(connection, [])).toMatchObject({ kind: 'failed', statement: 1, code: '42P01' });
});

test('a function that fails can be called again later, and says what it said', async () => {
  behave = async () => {
    throw new Error('no route to host');
  };
  await expect(sql.run(connection, [])).rejects.toMatchObject({
    name: 'Unavailable',
    message: 'The sql function failed: no route to host',
  });
});

test('a function that is not there is a fault', async () => {
  const none = lambdaSqlRunner(client, 'arn:aws:lambda:eu-central-1:111122223333:function:none');
  await expect(none.run(connection, [])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
