/** Where a database stands after a migration step that may have run. */
export interface MigrationState {
  readonly database: string;
  /**
   * `untouched`: not started, or unchanged and clean. `unknown`: the database could not be asked.
   * `destroyed`: it was dropped, or may have been; whatever stands there now is not what was.
   */
  readonly state: 'untouched' | 'applied' | 'partial' | 'dirty' | 'unknown' | 'destroyed';
}

export type WayBack =
  | { readonly kind: 'nothing' | 'stay-down'; readonly left: readonly string[] }
  | { readonly kind: 'scale-up' }
  | { readonly kind: 'continue-rollback' };

/** The way back from a failed deployment; the safe side of doubt is to stay down and to say so. */
export const wayBackFrom = (found: {
  readonly scaledDown: boolean;
  /** Nothing served before this deployment either. */
  readonly downBefore?: boolean;
  readonly rollbackFailed: boolean;
  /** Somebody deleted the stack. */
  readonly gone?: boolean;
  readonly migrations: readonly MigrationState[];
}): WayBack => {
  if (found.rollbackFailed) return { kind: 'continue-rollback' };
  const touched = found.migrations.filter(({ state }) => state !== 'untouched').map(sentence);
  if (found.gone) return { kind: 'nothing', left: ['The stack is gone, and its services with it', ...touched] };
  if (!found.scaledDown) return { kind: 'nothing', left: touched };
  if (touched.length > 0) return { kind: 'stay-down', left: ['The services are scaled down to 0', ...touched] };
  if (found.downBefore)
    return { kind: 'nothing', left: ['The services were scaled down to 0 before this deployment, and still are'] };
  return { kind: 'scale-up' };
};

const sentence = ({ database, state }: MigrationState): string => {
  switch (state) {
    case 'untouched':
      return `Database ${database} is as it was`;
    case 'applied':
      return `Database ${database} has the new schema`;
    case 'partial':
      return `Database ${database} has some of the migrations of this release and lacks others`;
    case 'dirty':
      return `Database ${database} is dirty: a migration stopped half way`;
    case 'destroyed':
      return `Database ${database} is destroyed, or may be: its data is gone`;
    case 'unknown':
      return `Database ${database} could not be asked where it stands`;
  }
};
