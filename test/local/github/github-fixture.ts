import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { type GitHub, type GitHubOptions, startGitHub } from '../../../infra/local/github/github.ts';
import { type TestWorld, testWorld } from '../test-world.ts';

export const APP_ID = 77;
export const INSTALLATION = 88;
export const REPO = { owner: 'acme', repo: 'shop' };

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
export const privateKey = keys.privateKey;

export interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A folder of one's own; what is made in it is gone with it. */
export const temporary = (cleanups: (() => unknown)[]): string => {
  const directory = mkdtempSync(join(tmpdir(), 'github-'));
  cleanups.push(() => rmSync(directory, { recursive: true }));
  return directory;
};

/** Something that takes deliveries and answers with a status. */
export const startReceiver = async (cleanups: (() => unknown)[]) => {
  const received: Received[] = [];
  const receiver = { url: '', received, status: 202 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body });
    response.writeHead(receiver.status).end('seen');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => server.close());
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  return receiver;
};

export const startedGitHub = async (
  cleanups: (() => unknown)[],
  more: Partial<GitHubOptions> & { world?: TestWorld } = {},
) => {
  const { world = testWorld(), ...options } = more;
  const github = await startGitHub(world, {
    directory: options.directory ?? temporary(cleanups),
    repositories: [{ owner: 'acme', name: 'shop', id: 501, defaultBranch: 'main' }],
    app: { id: APP_ID, installationId: INSTALLATION, publicKeyPem: keys.publicKey },
    webhook: () => undefined,
    ...options,
  });
  cleanups.push(() => github.stop());
  return { github, world, octokit: octokitFor(github) };
};

/** The client that the product uses, as the App's installation. */
export const octokitFor = ({ apiUrl }: GitHub, auth: object = { installationId: INSTALLATION }): Octokit =>
  new Octokit({
    baseUrl: apiUrl,
    authStrategy: createAppAuth,
    auth: { appId: APP_ID, privateKey: keys.privateKey, ...auth },
  });

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

export type Files = Readonly<Record<string, string | { link: string } | { script: string } | null>>;

/** A working copy beside the bare repository, driven by the real git; `remote` is for commands that speak with the server. */
export const cloned = async (github: GitHub, cleanups: (() => unknown)[]) => {
  const directory = join(temporary(cleanups), 'shop');
  const env = { ...process.env, ...IDENTITY };
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const remote = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) =>
      execFile('git', args, { cwd: directory, env }, (error, stdout) =>
        error ? reject(error) : resolve(stdout.trim()),
      ),
    );
  mkdirSync(directory);
  await remote('clone', '--quiet', github.gitUrl('acme', 'shop'), directory);
  git('symbolic-ref', 'HEAD', 'refs/heads/main');
  return {
    directory,
    git,
    remote,
    /** Writes files (null removes), commits them, and gives the SHA. */
    commit: (message: string, files: Files): string => {
      for (const [path, content] of Object.entries(files)) write(join(directory, path), content);
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
  };
};

const write = (path: string, content: Files[string]) => {
  mkdirSync(dirname(path), { recursive: true });
  if (content === null) rmSync(path);
  else if (typeof content === 'string') writeFileSync(path, content);
  else if ('link' in content) symlinkSync(content.link, path);
  else {
    writeFileSync(path, content.script);
    chmodSync(path, 0o755);
  }
};
