import { without } from '../../domain/without.ts';
import type { Repository, Written } from '../../ports.ts';

/** The heads of a repository were noted, as of a change of its targets that may not be the last one by now. */
export const headsKnown = (standing: Repository | undefined, since: string): Written<Repository> => {
  if (standing && !standing.headsUnknown) return { kind: 'repeated', record: standing };
  if (standing?.headsUnknown?.since === since) return { kind: 'moved', record: without(standing, 'headsUnknown') };
  const reason = standing ? 'Its targets have been changed again' : 'The repository is not configured';
  return { kind: 'refused', code: 'MovedOn', reason, record: standing };
};
