import { createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import type { World } from '../part.ts';
import type { Input } from '../wire/service.ts';
import { GitHubError } from './github-error.ts';
import type { Permission } from './route.ts';

export interface AppSpec {
  readonly id: number;
  readonly installationId: number;
  /** The key whose private half signs the App's tokens; either half may be given. */
  readonly privateKeyPem?: string;
  readonly publicKeyPem?: string;
}

export interface InstallationToken {
  readonly token: string;
  readonly expiresAt: number;
  readonly permissions: Readonly<Record<string, string>>;
  /** Names of the repositories it is limited to. */
  readonly repositories?: readonly string[];
}

/** What the App was granted when it was installed. */
export const APP_PERMISSIONS: Readonly<Record<string, string>> = {
  metadata: 'read',
  contents: 'read',
  checks: 'write',
  deployments: 'write',
  statuses: 'write',
};

const HOUR = 60 * 60 * 1000;

/**
 * Who a request comes from: the App by a JWT that it signed, or an installation by a token. Tokens expire by the machine's
 * time, not by the cloud's, since clients keep them for as long as their own clock says.
 */
export const appAuth = (world: World, app: AppSpec) => {
  const key = createPublicKey(app.publicKeyPem ?? app.privateKeyPem ?? '');
  const tokens = world.store.table<InstallationToken>('github.tokens');

  return {
    /** @throws GitHubError 401 */
    checkApp: (authorization: string | undefined): void => {
      const jwt = credentialIn(authorization);
      if (jwt === undefined) throw new GitHubError(401, 'A JSON web token could not be decoded');
      const claims = claimsOf(jwt, key);
      // The signer's time is the machine's, or the cloud's when a test has moved that.
      const complaints = [Date.now(), world.clock.now()].map((now) => complaintAbout(claims, app.id, now / 1000));
      const [first] = complaints;
      if (first !== undefined && !complaints.includes(undefined)) throw new GitHubError(401, first);
    },
    makeToken: (
      asked: Pick<InstallationToken, 'repositories'> & { permissions?: Record<string, string> },
    ): InstallationToken => {
      for (const { key: token, value } of tokens.list()) if (value.expiresAt < Date.now()) tokens.delete(token);
      const made: InstallationToken = {
        token: `ghs_${randomBytes(27).toString('base64url').replaceAll(/[-_]/g, 'x')}`,
        expiresAt: Date.now() + HOUR,
        permissions: { ...(asked.permissions ?? APP_PERMISSIONS), metadata: 'read' },
        ...(asked.repositories && { repositories: asked.repositories }),
      };
      tokens.put(made.token, made);
      return made;
    },
    /** @throws GitHubError 401 */
    tokenOf: (authorization: string | undefined): InstallationToken => {
      const text = credentialIn(authorization);
      if (text === undefined) throw new GitHubError(401, 'Requires authentication');
      const token = tokens.get(text);
      if (!token || token.expiresAt < Date.now()) throw new GitHubError(401, 'Bad credentials');
      return token;
    },
    /** @throws GitHubError 403 when the token was not given the permission, 404 when it does not reach the repository */
    checkPermission: (
      { permissions, repositories }: InstallationToken,
      repository: string,
      [name, level]: Permission,
    ): void => {
      if (repositories && !repositories.includes(repository)) throw new GitHubError(404, 'Not Found');
      const held = permissions[name];
      if (held !== 'write' && held !== level) throw new GitHubError(403, 'Resource not accessible by integration');
    },
  };
};

export type AppAuth = ReturnType<typeof appAuth>;

const credentialIn = (authorization = ''): string | undefined => {
  const [, scheme = '', value = ''] = /^(\w+) (.+)$/.exec(authorization) ?? [];
  if (/^(bearer|token)$/i.test(scheme)) return value;
  // git clients send a token as the password of `x-access-token`.
  if (/^basic$/i.test(scheme)) return Buffer.from(value, 'base64').toString('utf8').split(':')[1];
  return;
};

const claimsOf = (jwt: string, key: KeyObject): Input => {
  const undecodable = new GitHubError(401, 'A JSON web token could not be decoded');
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  if (!payload || !signature) throw undecodable;
  try {
    if (JSON.parse(text(head)).alg !== 'RS256') throw undecodable;
    if (!verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url')))
      throw undecodable;
    return JSON.parse(text(payload));
  } catch (error) {
    throw error instanceof SyntaxError ? undecodable : error;
  }
};

const text = (part: string) => Buffer.from(part, 'base64url').toString('utf8');

// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
const LONGEST_SECONDS = 600;
const LEEWAY_SECONDS = 60;

/** What is wrong with the claims, in the words by which octokit corrects a wrong clock. */
const complaintAbout = ({ iss, iat, exp }: Input, appId: number, now: number): string | undefined => {
  if (String(iss) !== String(appId)) return "'Issuer' claim ('iss') must be an Integer";
  if (!Number.isInteger(exp) || exp <= now)
    return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
  if (exp > now + LONGEST_SECONDS) return "'Expiration time' claim ('exp') is too far in the future";
  if (!Number.isInteger(iat) || iat > now + LEEWAY_SECONDS)
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  return;
};
