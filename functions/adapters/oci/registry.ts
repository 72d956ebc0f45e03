import { Transient } from '../../domain/failure.ts';
import { partsOf } from './reference.ts';

/** What fetch is to us: the global one, or the one a test hands in. */
type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** A registry that hangs must not hold the function until its own timeout. */
const LONGEST_ANSWER_MILLIS = 10_000;

/**
 * Digest of a public image in any registry that speaks the OCI distribution protocol, undefined when it is not there.
 * Registries do not tell a missing repository from a private one, so that a refusal means the same.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#checking-if-content-exists-in-the-registry
 * @throws Transient when the registry has no time for us or is broken.
 */
export const ociDigest =
  (fetcher: Fetch) =>
  async (reference: string): Promise<string | undefined> => {
    const { registry, name, tag, digest } = partsOf(reference);
    if (digest) return digest;
    const url = `https://${registry}/v2/${name}/manifests/${tag}`;
    const ask = (authorization?: string) =>
      fetched(fetcher, url, { method: 'HEAD', headers: { accept: ACCEPT, ...(authorization && { authorization }) } });
    const first = await ask();
    const token = first.status === 401 ? await anonymousToken(fetcher, first) : undefined;
    const response = token ? await ask(`Bearer ${token}`) : first;
    return response.ok ? (response.headers.get('docker-content-digest') ?? undefined) : undefined;
  };

/** `Bearer realm="...",service="...",scope="..."`: public images give a token to anyone who asks. */
const anonymousToken = async (fetcher: Fetch, response: Response): Promise<string | undefined> => {
  const challenge = response.headers.get('www-authenticate') ?? '';
  const fields = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const { realm = '', ...query } = fields;
  if (!/^bearer /i.test(challenge) || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  const answer = await fetched(fetcher, url.href);
  if (!answer.ok) return undefined;
  const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string };
  return token ?? access_token;
};

const fetched = async (fetcher: Fetch, url: string, init: RequestInit = {}): Promise<Response> => {
  const response = await fetcher(url, { ...init, signal: AbortSignal.timeout(LONGEST_ANSWER_MILLIS) });
  const { status } = response;
  if (status !== 429 && status < 500) return response;
  throw new Transient(status === 429 ? 'Throttled' : 'Unavailable', `${new URL(url).host} answered ${status}`);
};
