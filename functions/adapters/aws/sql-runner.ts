import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { Transient } from '../../domain/failure.ts';
import type { SqlAnswer, SqlRunner } from '../../ports.ts';

/** Sends statements to the one function that sits in the cluster's VPC. */
export const lambdaSqlRunner = (client: LambdaClient, functionArn: string): SqlRunner => ({
  run: async (connection, statements, { transaction = false } = {}) => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({
        FunctionName: functionArn,
        Payload: new TextEncoder().encode(JSON.stringify({ connection, statements, transaction })),
      }),
    );
    const text = new TextDecoder().decode(Payload);
    if (FunctionError) throw new Transient('Unavailable', `The sql function failed: ${messageOf(text)}`);
    return JSON.parse(text) as SqlAnswer;
  },
});

const messageOf = (text: string): string =>
  (JSON.parse(text) as { errorMessage?: string }).errorMessage ?? 'no message';
