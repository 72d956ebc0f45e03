import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import type { RepositoryRef } from '../../domain/deployment/deployment.ts';
import { StepFailure, Transient } from '../../domain/failure.ts';
import type { GitHubApp } from '../../domain/git-hub-app.ts';

/** The coordinates that every path below `/repos` begins with. */
interface At {
  readonly owner: string;
  readonly repo: string;
}

/** Runs calls as the App's installation in a repository. @throws Transient, StepFailure, or GitHub's own error. */
export type AsInstallation = <T>(repository: RepositoryRef, ask: (client: Octokit, at: At) => Promise<T>) => Promise<T>;

/** Clients by installation; tokens are fetched when needed and kept until they expire. */
export const gitHubInstallations = (app: () => Promise<GitHubApp>, baseUrl: string | undefined): AsInstallation => {
  const clients = new Map<string, Promise<Octokit>>();
  const made = async (installationId: string): Promise<Octokit> => {
    const { appId, privateKey } = await app().catch((error: unknown) => {
      clients.delete(installationId);
      throw error;
    });
    return octokit({ appId, privateKey, installationId: Number(installationId) }, baseUrl);
  };
  return async (repository, ask) => {
    const { installationId, owner, name } = repository;
    const client = clients.get(installationId) ?? made(installationId);
    clients.set(installationId, client);
    try {
      return await ask(await client, { owner, repo: name });
    } catch (error) {
      // The key may have been replaced in its secret: the next call reads it again.
      if (statusOf(error) === 401) clients.delete(installationId);
      throw explained(error, repository);
    }
  };
};

/** Runs calls as the App itself, under a token that it signs. @throws Transient, or GitHub's own error. */
export type AsApp = <T>(ask: (client: Octokit) => Promise<T>) => Promise<T>;

export const gitHubApp = (app: () => Promise<GitHubApp>, baseUrl: string | undefined): AsApp => {
  let client: Promise<Octokit> | undefined;
  const made = async () => {
    const { appId, privateKey } = await app();
    return octokit({ appId, privateKey }, baseUrl);
  };
  return async (ask) => {
    client ??= made();
    try {
      return await ask(await client);
    } catch (error) {
      // Neither a key that could not be read nor one that GitHub refuses is kept.
      if (statusOf(error) === undefined || statusOf(error) === 401) client = undefined;
      throw transientFrom(error) ?? error;
    }
  };
};

const octokit = (auth: object, baseUrl: string | undefined): Octokit =>
  plainOctokit(baseUrl, { authStrategy: createAppAuth, auth });

/** A client that signs nothing by itself and writes no log of its own. */
export const plainOctokit = (baseUrl: string | undefined, more: object = {}): Octokit =>
  new Octokit({
    ...more,
    userAgent: 'slipway',
    ...(baseUrl && { baseUrl }),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });

/** Undefined for what a repository does not have; an installation that is missing is another matter. */
export const orUndefined = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if ((statusOf(error) === 404 || statusOf(error) === 409) && !isOfInstallation(error)) return undefined;
    throw error;
  }
};

/** GitHub's answer in the words of the state machines' retries; 401 passes once the App's key is read again. */
const explained = (error: unknown, { owner, name, installationId }: RepositoryRef): unknown => {
  const status = statusOf(error);
  if (status === 404 && isOfInstallation(error))
    return new StepFailure({
      code: 'SourceUnreadable',
      message: `GitHub knows no installation ${installationId} of the App, which should give access to ${owner}/${name}`,
      left: 'Nothing was changed',
      remedy: 'Install the App there, or correct installationId in the configuration',
    });
  return transientFrom(error) ?? error;
};

const transientFrom = (error: unknown): Transient | undefined => {
  const status = statusOf(error);
  const transient = transientOf(status);
  return transient && new Transient(transient, `GitHub answered ${status}: ${String(error)}`, { cause: error });
};

const transientOf = (status = 0): 'Throttled' | 'Unavailable' | undefined => {
  if (status === 403 || status === 429) return 'Throttled';
  return status === 401 || status >= 500 ? 'Unavailable' : undefined;
};

const isOfInstallation = (error: unknown): boolean =>
  /\/app\/installations\//.test((error as { request?: { url?: string } }).request?.url ?? '');

/** Of GitHub's answer; undefined when there was none. */
export const statusOf = (error: unknown): number | undefined =>
  error !== null && typeof error === 'object' && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
