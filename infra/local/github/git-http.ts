import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitEnvironment } from './git.ts';

/** A request of a git client: `/{owner}/{name}.git/{service path}`. */
export interface GitRequest {
  readonly owner: string;
  readonly name: string;
  readonly service: string;
}

export const findGitRequest = (path: string): GitRequest | undefined => {
  const [, owner, name, service] =
    /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack|HEAD|objects\/.+)$/.exec(path) ?? [];
  return owner && name && service ? { owner, name, service } : undefined;
};

/**
 * Git's smart HTTP protocol through `git http-backend` (CGI, https://git-scm.com/docs/git-http-backend). `beforeEnd` runs
 * after git is done and before the client sees the end.
 */
export const serveGit = async (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  bareDirectory: string,
  service: string,
  beforeEnd: () => Promise<void>,
): Promise<void> => {
  const { method = 'GET', headers, url = '' } = incoming;
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: bareDirectory,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${service}`,
      QUERY_STRING: url.split('?')[1] ?? '',
      REQUEST_METHOD: method,
      REMOTE_ADDR: '127.0.0.1',
      CONTENT_TYPE: headers['content-type'] ?? '',
      ...(headers['content-length'] && { CONTENT_LENGTH: headers['content-length'] }),
      ...(headers['content-encoding'] && { HTTP_CONTENT_ENCODING: headers['content-encoding'] }),
      ...(headers['git-protocol'] && { GIT_PROTOCOL: String(headers['git-protocol']) }),
    },
  });
  incoming.pipe(child.stdin);
  child.stdin.on('error', () => undefined); // git that ends early answers for itself
  outgoing.on('close', () => child.kill());
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk) => complaints.push(chunk));
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const answer = headBefore(child.stdout, outgoing);
  const code = await closed;
  await answer;
  await beforeEnd();
  if (!outgoing.headersSent)
    outgoing.writeHead(500).write(`git http-backend ended with ${code}: ${Buffer.concat(complaints)}`);
  outgoing.end();
};

/** Takes the CGI header block off the front of git's output and passes the rest on as it comes. */
const headBefore = async (output: AsyncIterable<Buffer>, outgoing: ServerResponse): Promise<void> => {
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of output) {
    if (outgoing.headersSent) {
      outgoing.write(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const fields = head
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(/:\s*/, 2));
    const status = fields.find(([name]) => name === 'Status')?.[1];
    outgoing.writeHead(
      Number.parseInt(status ?? '200', 10),
      Object.fromEntries(fields.filter(([name]) => name !== 'Status')),
    );
    outgoing.write(head.subarray(end + 4));
  }
};
