import { randomBytes, verify } from 'node:crypto';
import type { World } from '../part.ts';
import type { Input } from '../wire/service.ts';
import type { App, Apps } from './apps.ts';
import { GitHubError } from './github-error.ts';
import type { Permission } from './route.ts';

export interface InstallationToken {
  readonly token: string;
  readonly expiresAt: number;
  readonly permissions: Readonly<Record<string, string>>;
  /** Names of the repositories it is limited to. */
  readonly repositories?: readonly string[];
}

const HOUR = 60 * 60 * 1000;

/**
 * Who a request comes from: an App by a JWT that it signed, or an installation by a token. Tokens expire by the machine's
 * time, not by the cloud's, since clients keep them for as long as their own clock says.
 */
export const appAuth = (world: World, apps: Apps) => {
  const tokens = world.store.table<InstallationToken>('github.tokens');

  return {
    /** @throws GitHubError 401 */
    checkApp: (authorization: string | undefined): App => {
      const jwt = credentialIn(authorization);
      if (jwt === undefined) throw undecodable();
      const claims = claimsOf(jwt);
      const app = apps.find(Number(claims.iss));
      if (!app) throw new GitHubError(401, "'Issuer' claim ('iss') must be an Integer");
      if (!isSignedBy(jwt, app)) throw undecodable();
      // The signer's time is the machine's, or the cloud's when a test has moved that.
      const complaints = [Date.now(), world.clock.now()].map((now) => complaintAbout(claims, now / 1000));
      const [first] = complaints;
      if (first !== undefined && !complaints.includes(undefined)) throw new GitHubError(401, first);
      return app;
    },
    /** @throws GitHubError 422 when more is asked for than the App was granted */
    makeToken: (
      app: App,
      asked: Pick<InstallationToken, 'repositories'> & { permissions?: Record<string, string> },
    ): InstallationToken => {
      for (const [name, level] of Object.entries(asked.permissions ?? {}))
        if (app.permissions[name] !== 'write' && app.permissions[name] !== level)
          throw new GitHubError(422, 'The permissions requested are not granted to this installation.');
      for (const { key: token, value } of tokens.list()) if (value.expiresAt < Date.now()) tokens.delete(token);
      const made: InstallationToken = {
        token: `ghs_${randomBytes(27).toString('base64url').replaceAll(/[-_]/g, 'x')}`,
        expiresAt: Date.now() + HOUR,
        permissions: { ...(asked.permissions ?? app.permissions), metadata: 'read' },
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

const undecodable = () => new GitHubError(401, 'A JSON web token could not be decoded');

const claimsOf = (jwt: string): Input => {
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  if (!payload || !signature) throw undecodable();
  try {
    if (JSON.parse(text(head)).alg !== 'RS256') throw undecodable();
    return JSON.parse(text(payload));
  } catch (error) {
    throw error instanceof SyntaxError ? undecodable() : error;
  }
};

const isSignedBy = (jwt: string, { publicKeyPems }: App): boolean => {
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  const [signed, by] = [Buffer.from(`${head}.${payload}`), Buffer.from(signature, 'base64url')];
  return publicKeyPems.some((key) => verify('sha256', signed, key, by));
};

const text = (part: string) => Buffer.from(part, 'base64url').toString('utf8');

// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
const LONGEST_SECONDS = 600;
const LEEWAY_SECONDS = 60;

/** What is wrong with the claims, in the words by which octokit corrects a wrong clock. */
const complaintAbout = ({ iat, exp }: Input, now: number): string | undefined => {
  if (!Number.isInteger(exp) || exp <= now)
    return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
  if (exp > now + LONGEST_SECONDS) return "'Expiration time' claim ('exp') is too far in the future";
  if (!Number.isInteger(iat) || iat > now + LEEWAY_SECONDS)
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  return;
};
