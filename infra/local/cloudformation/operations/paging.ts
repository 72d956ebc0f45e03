import { AwsError, type Input } from '../../wire/service.ts';

const PAGE = 100;

/** One page of a list; the token is where the next one starts. */
export const page = <T>(all: readonly T[], token: Input): { items: readonly T[]; NextToken?: string } => {
  const from = token ? Number(Buffer.from(String(token), 'base64').toString('utf8')) : 0;
  if (!Number.isInteger(from) || from < 0) throw new AwsError('ValidationError', 'Invalid NextToken');
  const next = from + PAGE;
  return {
    items: all.slice(from, next),
    ...(next < all.length ? { NextToken: Buffer.from(String(next)).toString('base64') } : {}),
  };
};
