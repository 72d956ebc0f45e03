import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { manifestFrom } from './app-manifest.ts';
import { type Apps, slugOf } from './apps.ts';
import { GitHubError } from './github-error.ts';

interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The pages on which a person makes, installs and re-keys an App, without the person: what they would confirm is done at once.
 * Undefined for a request that is for none of them.
 */
export const findWebPage = (
  apps: Apps,
  method: string,
  url: URL,
): ((incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>) | undefined => {
  if (method !== 'POST') return undefined;
  const create = /^(?:\/organizations\/([^/]+))?\/settings\/apps\/new$/.exec(url.pathname);
  const install = /^\/apps\/([^/]+)\/installations\/new$/.exec(url.pathname);
  const keys = /^(?:\/organizations\/[^/]+)?\/settings\/apps\/([^/]+)\/keys(\/delete-old)?$/.exec(url.pathname);
  if (create) return page((form) => created(apps, form, url.searchParams.get('state'), create[1]));
  if (install) return page(() => installed(apps, install[1] ?? ''));
  if (keys) return page(() => rekeyed(apps, keys[1] ?? '', keys[2] !== undefined));
  return undefined;
};

const page =
  (answer: (form: URLSearchParams) => Page) =>
  async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { status, text, headers } = shown(() => answer(new URLSearchParams(Buffer.concat(chunks).toString('utf8'))));
    outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(text);
  };

const shown = (answer: () => Page): Page => {
  try {
    return answer();
  } catch (error) {
    if (error instanceof GitHubError) return { status: error.status, text: error.message };
    throw error;
  }
};

const created = (apps: Apps, form: URLSearchParams, state: string | null, organization: string | undefined): Page => {
  const manifest = manifestFrom(form.get('manifest') ?? '');
  if (!('redirectUrl' in manifest)) return { status: 422, text: manifest.join('\n') };
  if (apps.list().some(({ slug }) => slug === slugOf(manifest.name)))
    return { status: 422, text: 'name: Name is already taken' };
  const code = randomBytes(20).toString('hex');
  apps.create(code, manifest, organization, {
    webhookSecret: randomBytes(20).toString('hex'),
    clientSecret: randomBytes(20).toString('hex'),
  });
  const location = new URL(manifest.redirectUrl);
  location.searchParams.set('code', code);
  if (state !== null) location.searchParams.set('state', state);
  return { status: 302, text: '', headers: { location: location.href } };
};

const installed = (apps: Apps, slug: string): Page => {
  const app = apps.install(slug);
  return { status: 200, text: `${app.name} is installed as ${app.installationId}` };
};

/** A new key is what the browser saves. */
const rekeyed = (apps: Apps, slug: string, isEnd: boolean): Page => {
  if (!isEnd) return { status: 200, text: apps.addKey(slug) };
  apps.dropOldKeys(slug);
  return { status: 200, text: 'Only the newest key is left' };
};
