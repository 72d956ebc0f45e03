import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGunzip } from 'node:zlib';
import { gitEnvironment } from './git.ts';

/** A request of a git client: `/{owner}/{name}.git/{service path}`. */
export interface GitRequest {
  readonly owner: string;
  readonly name: string;
  /** What git calls it, without `git-`. */
  readonly service: 'upload-pack' | 'receive-pack';
  /** Asks which refs there are and what the service can do, before it asks the service itself. */
  readonly isAdvertisement: boolean;
}

/** Git's smart protocol alone: https://git-scm.com/docs/gitprotocol-http */
export const findGitRequest = ({ pathname, searchParams }: URL): GitRequest | undefined => {
  const [, owner, name, path = ''] =
    /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(pathname) ?? [];
  const isAdvertisement = path === 'info/refs';
  const service = isAdvertisement ? searchParams.get('service') : path;
  if (!owner || !name) return;
  if (service === 'git-upload-pack') return { owner, name, service: 'upload-pack', isAdvertisement };
  return service === 'git-receive-pack' ? { owner, name, service: 'receive-pack', isAdvertisement } : undefined;
};

/**
 * What `git http-backend` does, by the one process that does the work: each request would cost two more.
 * `beforeEnd` runs after git is done and before the client sees the end.
 */
export const serveGit = async (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  bareDirectory: string,
  { service, isAdvertisement }: GitRequest,
  beforeEnd: () => Promise<void>,
): Promise<void> => {
  const protocol = String(incoming.headers['git-protocol'] ?? '');
  const child = spawn(
    'git',
    [service, '--stateless-rpc', ...(isAdvertisement ? ['--advertise-refs'] : []), bareDirectory],
    { env: { ...gitEnvironment(), ...(protocol && { GIT_PROTOCOL: protocol }) } },
  );
  const body = isZipped(incoming) ? incoming.pipe(createGunzip()).on('error', () => child.kill()) : incoming;
  body.pipe(child.stdin).on('error', () => undefined); // git that ends early answers for itself
  outgoing.on('close', () => child.kill());
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk) => complaints.push(chunk));
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  outgoing.setHeader('Cache-Control', 'no-cache, max-age=0, must-revalidate');
  outgoing.setHeader('Content-Type', `application/x-git-${service}-${isAdvertisement ? 'advertisement' : 'result'}`);
  const head = isAdvertisement && !/\bversion=2\b/.test(protocol) ? announcement(service) : '';
  const isAnswered = await passOn(child.stdout, head, outgoing);
  const code = await closed;
  await beforeEnd();
  if (!isAnswered && code !== 0)
    outgoing
      .writeHead(500, { 'Content-Type': 'text/plain' })
      .write(`git ${service} ended with ${code}: ${Buffer.concat(complaints)}`);
  outgoing.end();
};

const isZipped = ({ headers }: IncomingMessage) => /^(x-)?gzip$/.test(headers['content-encoding'] ?? '');

/** The first line of an advertisement and the pause behind it, each with its length before it in hexadecimal digits. */
const announcement = (service: GitRequest['service']): string => {
  const line = `# service=git-${service}\n`;
  return `${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`;
};

/** Git's output behind the head, as it comes. Whether there was any. */
const passOn = async (output: AsyncIterable<Buffer>, head: string, outgoing: ServerResponse): Promise<boolean> => {
  let isAnswered = false;
  for await (const chunk of output) {
    if (!isAnswered) outgoing.write(head);
    isAnswered = true;
    outgoing.write(chunk);
  }
  return isAnswered;
};
