import type { Mode } from '../../functions/domain/plan/plan.ts';

/** What a mode means to whoever uses the service. */
export const modeWords: Readonly<Record<Mode, string>> = {
  DOWNTIME: 'nothing serves while infrastructure and data move',
  BEFORE: 'the old version serves while everything expands, then the new one comes',
  PARALLEL: 'version and databases side by side',
  AFTER: 'the new version first, then what only the old one needed goes',
  NOP: 'only the version changes',
};

export const outageWords = (seconds: number): string =>
  seconds === 0 ? 'no outage expected' : `about ${seconds} s of outage expected`;
