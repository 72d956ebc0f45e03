import { timingSafeEqual } from 'node:crypto';
import type { Iam } from '../iam/iam.ts';
import { credentialScopeOf, querySignature } from '../iam/query-signature.ts';

export interface TokenJudge {
  readonly iam: Pick<Iam, 'findCredentials' | 'callerOf' | 'authorizeAs'>;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a token must be good for. */
export interface ExpectedLogin {
  /** `host:port` of the endpoint. */
  readonly address: string;
  readonly user: string;
  /** `arn:aws:rds-db:...:dbuser:{resource id}/{user}` */
  readonly resourceArn: string;
}

/**
 * Why a token of IAM lets nobody in, in words for a log: they hold no part of the token. Undefined when it is good.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export const tokenRefusal = (judge: TokenJudge, expected: ExpectedLogin, token: string): string | undefined => {
  // The SDK of Go leaves out the slash, which is signed all the same.
  const [, address = '', search = ''] = /^([^/?]+)\/?\?([^?].*)$/.exec(token) ?? [];
  const query = new URLSearchParams(search);
  if (address === '') return 'what was given for a token is none';
  return (
    formRefusal(query) ??
    placeRefusal(judge, expected, { address, query }) ??
    timeRefusal(judge, query) ??
    signatureRefusal(judge, { address, query }) ??
    rightRefusal(judge, expected, query)
  );
};

interface Given {
  readonly address: string;
  readonly query: URLSearchParams;
}

const NEEDED: Readonly<Record<string, RegExp>> = {
  Action: /^connect$/,
  DBUser: /./,
  'X-Amz-Algorithm': /^AWS4-HMAC-SHA256$/,
  'X-Amz-Credential': /./,
  'X-Amz-Date': /^\d{8}T\d{6}Z$/,
  'X-Amz-Expires': /^[1-9]\d{0,5}$/,
  'X-Amz-Security-Token': /./,
  'X-Amz-SignedHeaders': /^host$/,
  'X-Amz-Signature': /^[0-9a-f]{64}$/,
};

const formRefusal = (query: URLSearchParams): string | undefined => {
  const names = [...query.keys()];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return 'the token says something twice';
  const [wrong] = Object.entries(NEEDED).find(([name, form]) => !form.test(query.get(name) ?? '')) ?? [];
  return wrong && `the token has no ${wrong}, or not as a login needs it`;
};

const placeRefusal = (
  { region }: TokenJudge,
  expected: ExpectedLogin,
  { address, query }: Given,
): string | undefined => {
  const scope = credentialScopeOf(query);
  if (address !== expected.address) return `the token is for another server than ${expected.address}`;
  if (query.get('DBUser') !== expected.user) return 'the token is for another user';
  if (scope?.service !== 'rds-db') return 'the token is not signed for rds-db';
  return scope.region === region ? undefined : `the token is not signed for ${region}`;
};

/** AWS forgives clocks that are five minutes apart. */
const SKEW_MILLIS = 5 * 60_000;
const LONGEST_SECONDS = 900;

const timeRefusal = ({ now }: TokenJudge, query: URLSearchParams): string | undefined => {
  const date = query.get('X-Amz-Date') ?? '';
  const signedAt = Date.parse(date.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));
  const seconds = Number(query.get('X-Amz-Expires'));
  if (seconds > LONGEST_SECONDS) return `the token wants to live longer than ${LONGEST_SECONDS} s`;
  if (!(signedAt <= now() + SKEW_MILLIS)) return 'the token is signed in the future';
  return now() <= signedAt + seconds * 1000 ? undefined : 'the token has expired';
};

const signatureRefusal = ({ iam }: TokenJudge, { address, query }: Given): string | undefined => {
  const scope = credentialScopeOf(query);
  const credentials = scope && iam.findCredentials(scope.accessKeyId);
  if (!scope || !credentials) return 'the token is signed with a key that no role was given';
  if (!query.get('X-Amz-Date')?.startsWith(scope.day)) return 'the token is signed for another day';
  if (!isSame(query.get('X-Amz-Security-Token'), credentials.sessionToken))
    return 'the session of the token is another than that of its key';
  const signature = querySignature({ host: address, path: '/', query }, scope, credentials.secretAccessKey);
  return isSame(query.get('X-Amz-Signature'), signature) ? undefined : 'the signature of the token is wrong';
};

const isSame = (given: string | null, right: string): boolean => {
  const one = Buffer.from(given ?? '');
  const other = Buffer.from(right);
  return one.length === other.length && timingSafeEqual(one, other);
};

const rightRefusal = (
  { iam }: TokenJudge,
  { resourceArn }: ExpectedLogin,
  query: URLSearchParams,
): string | undefined => {
  try {
    iam.authorizeAs(iam.callerOf(credentialScopeOf(query)?.accessKeyId ?? ''))('rds-db:connect', [resourceArn]);
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('AccessDenied')) return error.message;
    throw error;
  }
};
