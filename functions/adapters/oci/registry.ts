/** What fetch is to us: the global one, or the one a test hands in. */
type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Digest of a public image in any registry that speaks the OCI distribution protocol, undefined when it is not there.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#checking-if-content-exists-in-the-registry
 */
export const ociDigest =
  (fetcher: Fetch) =>
  async (reference: string): Promise<string | undefined> => {
    const { registry, name, tag, digest } = partsOf(reference);
    if (digest) return digest;
    const url = `https://${registry}/v2/${name}/manifests/${tag}`;
    const ask = (authorization?: string) =>
      fetcher(url, { method: 'HEAD', headers: { accept: ACCEPT, ...(authorization && { authorization }) } });
    const first = await ask();
    const response = first.status === 401 ? await ask(await anonymousToken(fetcher, first)) : first;
    if (response.status === 404) return undefined;
    if (!response.ok)
      throw Object.assign(new Error(`${registry} answered ${response.status} for ${name}:${tag}`), {
        name: 'Unavailable',
      });
    return response.headers.get('docker-content-digest') ?? undefined;
  };

const partsOf = (reference: string) => {
  const [path = '', digest] = reference.split('@');
  const [, host, rest] = /^([^/]*[.:][^/]*)\/(.+)$/.exec(path) ?? [];
  const [name = '', tag = 'latest'] = (rest ?? (path.includes('/') ? path : `library/${path}`)).split(':');
  return { registry: host ?? 'registry-1.docker.io', name, tag, digest };
};

/** `Bearer realm="...",service="...",scope="..."`: public images give a token to anyone who asks. */
const anonymousToken = async (fetcher: Fetch, response: Response): Promise<string> => {
  const challenge = response.headers.get('www-authenticate') ?? '';
  const fields = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const { realm = '', ...query } = fields;
  const answer = await fetcher(`${realm}?${new URLSearchParams(query)}`);
  const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string };
  return `Bearer ${token ?? access_token}`;
};
