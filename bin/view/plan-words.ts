import type { Mode } from '../../functions/domain/plan/plan.ts';

/** What a mode means to whoever uses the service. */
export const modeWords: Readonly<Record<Mode, string>> = {
  DOWNTIME: 'nothing serves while infrastructure and data move',
  BEFORE: 'the old version serves while everything expands, then the new one comes',
  PARALLEL: 'version and databases side by side',
  AFTER: 'the new version first, then what only the old one needed goes',
  NOP: 'only the version changes',
};

/** What a mode does, in order. */
export const orderWords: Readonly<Record<Mode, string>> = {
  DOWNTIME: 'The old tasks stop, infrastructure and data move, then new tasks start.',
  BEFORE: 'Infrastructure and data expand first; then new tasks replace the old ones.',
  PARALLEL: 'New tasks replace the old ones while the data moves beside them.',
  AFTER: 'New tasks replace the old ones first; then the migration runs.',
  NOP: 'New tasks start beside the old ones, which go once the new ones are healthy.',
};

export const outageWords = (seconds: number): string =>
  seconds === 0 ? 'no outage expected' : `about ${seconds} s of outage expected`;
