import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import type { RepositoryRef } from '../../domain/deployment/deployment.ts';

/** The GitHub App as it stands in its secret. */
export interface GitHubApp {
  readonly appId: number | string;
  readonly privateKey: string;
}

export type InstallationOf = (repository: RepositoryRef) => Promise<Octokit>;

/** Clients by installation; tokens are fetched when needed and kept until they expire. */
export const gitHubInstallations = (app: () => Promise<GitHubApp>, baseUrl: string | undefined): InstallationOf => {
  const clients = new Map<string, Octokit>();
  return async ({ installationId }) => {
    const known = clients.get(installationId);
    if (known) return known;
    const { appId, privateKey } = await app();
    const client = new Octokit({
      authStrategy: createAppAuth,
      auth: { appId, privateKey, installationId: Number(installationId) },
      userAgent: 'slipway',
      ...(baseUrl && { baseUrl }),
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    });
    clients.set(installationId, client);
    return client;
  };
};

/** Undefined for what GitHub does not have. */
export const orUndefined = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (hasStatus(error, 404) || hasStatus(error, 409)) return undefined;
    throw error;
  }
};

/** GitHub's answer in the words of the state machines' retries. */
export const named = (error: unknown): unknown => {
  const status = statusOf(error);
  if (status === undefined || (status < 500 && status !== 429 && status !== 403)) return error;
  const name = status >= 500 ? 'Unavailable' : 'Throttled';
  return Object.assign(new Error(`GitHub answered ${status}: ${String(error)}`, { cause: error }), { name });
};

const hasStatus = (error: unknown, status: number): boolean => statusOf(error) === status;

const statusOf = (error: unknown): number | undefined =>
  error !== null && typeof error === 'object' && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
