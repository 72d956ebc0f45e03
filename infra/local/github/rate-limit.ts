import { GitHubError } from './github-error.ts';

const HOUR = 60 * 60 * 1000;

/** GitHub's primary limit: so many requests an hour for each token, told in every answer. */
export const rateLimitOf = (limit: number, installationId: number) => {
  const windows = new Map<string, { used: number; resetAt: number }>();
  return {
    /**
     * Counts one request; gives the headers of its answer.
     * @throws GitHubError 403 when the hour's requests are used up
     */
    count: (token: string): Record<string, string> => {
      const now = Date.now();
      const known = windows.get(token);
      const window = known && known.resetAt > now ? known : { used: 0, resetAt: now + HOUR };
      windows.set(token, window);
      if (window.used >= limit)
        throw new GitHubError(403, `API rate limit exceeded for installation ID ${installationId}.`);
      window.used++;
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(limit - window.used),
        'x-ratelimit-reset': String(Math.ceil(window.resetAt / 1000)),
        'x-ratelimit-used': String(window.used),
        'x-ratelimit-resource': 'core',
      };
    },
  };
};
