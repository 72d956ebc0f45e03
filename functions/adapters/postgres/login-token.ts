import { AwsV4Signer } from 'aws4fetch';

/** A login that a token is good for: this server by the name of its endpoint, and this user. */
export interface TokenLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** Who signs, and where the server stands. */
export interface TokenSigner {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** RDS takes none that is older; it counts at the login alone, a session may last longer. */
const LIFE_SECONDS = 900;

/**
 * A token of IAM, which stands in for the password of a database user: a presigned GET without its `https://`. Nothing is asked:
 * whether the signer may log in is seen by the server.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export const loginToken = async (login: TokenLogin, signer: TokenSigner, moment: Date): Promise<string> => {
  const { region, accessKeyId, secretAccessKey, sessionToken } = signer;
  const url = new URL(`https://${login.host}:${login.port}/`);
  url.searchParams.set('Action', 'connect');
  url.searchParams.set('DBUser', login.user);
  url.searchParams.set('X-Amz-Expires', String(LIFE_SECONDS));
  const signed = await new AwsV4Signer({
    url: url.href,
    service: 'rds-db',
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    datetime: moment.toISOString().replace(/[:-]|\.\d{3}/g, ''),
    signQuery: true,
  }).sign();
  // What a form writes as a plus was signed as %20; a plus itself is %2B in both.
  return signed.url.href.slice('https://'.length).replaceAll('+', '%20');
};

/** What may be read nowhere: the token, and its signature, session and key, as they stand in it and as they are. */
export const secretPartsOf = (token: string): readonly string[] => [
  token,
  ...token.split('&').flatMap((pair) => {
    const [, encoded = ''] = /^X-Amz-(?:Signature|Security-Token|Credential)=(.+)$/.exec(pair) ?? [];
    return [encoded, decodeURIComponent(encoded)];
  }),
];
