import { GitHubError } from './github-error.ts';

export interface Faults {
  /** Makes the next `times` requests that fit end with a status, before anything else happens. */
  fail(predicate: (request: { method: string; path: string }) => boolean, times: number, status: number): void;
  check(request: { method: string; path: string }): void;
}

const MESSAGES: Readonly<Record<number, string>> = {
  401: 'Bad credentials',
  403: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
  404: 'Not Found',
  429: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
  500: 'Server Error',
  502: 'Server Error',
  503: 'Service Unavailable',
};

/** Failures of the API on demand. */
export const faultsOf = (): Faults => {
  const faults: { predicate: Parameters<Faults['fail']>[0]; left: number; status: number }[] = [];
  return {
    fail: (predicate, times, status) => void faults.push({ predicate, left: times, status }),
    check: (request) => {
      const fault = faults.find(({ left, predicate }) => left > 0 && predicate(request));
      if (!fault) return;
      fault.left--;
      throw new GitHubError(fault.status, MESSAGES[fault.status] ?? 'Failed on demand');
    },
  };
};
