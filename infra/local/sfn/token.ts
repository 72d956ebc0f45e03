import { createHash } from 'node:crypto';

/** A task token: opaque outside, inside it names its execution; no two entries or retries of a task share one. */
export const tokenFrom = (executionArn: string, serial: number): string =>
  Buffer.from(`${executionArn} ${serial} ${digestOf(executionArn, serial)}`).toString('base64');

/** The execution a token was made for; undefined when it is none of ours. */
export const executionArnOf = (token: string): string | undefined => {
  const [arn = '', serial = '', digest] = Buffer.from(token, 'base64').toString('utf8').split(' ');
  return digest === digestOf(arn, Number(serial)) ? arn : undefined;
};

const digestOf = (executionArn: string, serial: number): string =>
  createHash('sha256').update(`task token ${executionArn} ${serial}`).digest('hex').slice(0, 32);
