import { AwsError, type Input } from '../../wire/service.ts';

const LARGEST_PAGE = 1000;
const USUAL_PAGE = 100;

/** One page of a list that does not change before the place where the token stands; the token is a position. */
export const pageOf = <T>(items: readonly T[], { maxResults, nextToken }: Input): { page: T[]; nextToken?: string } => {
  const from = nextToken === undefined ? 0 : positionIn(nextToken);
  const to = from + sizeFrom(maxResults);
  return { page: items.slice(from, to), ...(to < items.length ? { nextToken: tokenAt(to) } : {}) };
};

const sizeFrom = (maxResults: unknown): number => {
  if (maxResults === undefined || maxResults === 0) return USUAL_PAGE;
  if (typeof maxResults === 'number' && maxResults > 0 && maxResults <= LARGEST_PAGE) return maxResults;
  const constraint = `Member must have value less than or equal to ${LARGEST_PAGE}`;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${maxResults}' at 'maxResults' failed to satisfy constraint: ${constraint}`,
  );
};

const tokenAt = (position: number) => Buffer.from(`page ${position}`).toString('base64url');

const positionIn = (token: unknown): number => {
  const position = /^page (\d+)$/.exec(Buffer.from(String(token), 'base64url').toString('utf8'))?.[1];
  if (position === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return Number(position);
};

/** Times on the wire are seconds since the epoch. */
export const seconds = (millis: number): number => millis / 1000;
