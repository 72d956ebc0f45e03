import type { BranchReader } from '../../ports.ts';
import { type AsInstallation, orUndefined } from './installation.ts';

/** GitHub has given all refs at once for years, whatever the page asked for; should it page again, so many are read. */
const MOST_PAGES = 10;
const PAGE = 100;

/** Branches by the beginning of their names: one call, or one for every hundred of them. */
export const gitHubBranchReader = (asInstallation: AsInstallation): BranchReader => ({
  list: (repository, refPrefix) =>
    asInstallation(repository, async (client, at) => {
      const ref = refPrefix.replace(/^refs\//, '');
      const heads: Record<string, string> = {};
      for (let page = 1; page <= MOST_PAGES; page++) {
        // An empty repository has none; GitHub answers 409 there.
        const answer = await orUndefined(
          client.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', { ...at, ref, per_page: PAGE, page }),
        );
        for (const found of answer?.data ?? []) heads[found.ref] = found.object.sha;
        if (!/\brel="next"/.test(answer?.headers.link ?? '')) return { heads, complete: true };
      }
      return { heads, complete: false };
    }),
});
