/** One task of a service as the plan sees it. */
export interface PlannedTask {
  readonly arn: string;
  readonly isPrimary: boolean;
  readonly isAvailable: boolean;
}

export interface ServiceSituation {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** A failed deployment starts nothing more, and takes nothing away from the others. */
  readonly primaryFailed: boolean;
  /** Tasks that were not told to stop, the oldest first. */
  readonly tasks: readonly PlannedTask[];
}

export interface ServiceMoves {
  readonly start: number;
  readonly stop: readonly string[];
}

/**
 * What a rolling update does next: never more tasks than the maximum by starting one, never fewer available ones than
 * the minimum by stopping one. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export const planService = (situation: ServiceSituation): ServiceMoves => {
  const { desiredCount, minimumHealthyPercent, maximumPercent, primaryFailed, tasks } = situation;
  const primary = tasks.filter(({ isPrimary }) => isPrimary);
  const surplus = leastUsefulFirst(primary).slice(0, Math.max(primary.length - desiredCount, 0));
  const kept = tasks.filter((task) => !surplus.includes(task));
  const minimum = Math.ceil((desiredCount * minimumHealthyPercent) / 100);
  const maximum = Math.floor((desiredCount * maximumPercent) / 100);
  const outdated = primaryFailed && desiredCount > 0 ? [] : stoppable(kept, minimum);
  const room = maximum - (kept.length - outdated.length);
  const missing = desiredCount - (primary.length - surplus.length);
  return {
    start: primaryFailed ? 0 : Math.max(Math.min(missing, room), 0),
    stop: [...surplus, ...outdated].map(({ arn }) => arn),
  };
};

/** Of the older deployments: all that do not serve anyway, and as many that do as can be spared. */
const stoppable = (tasks: readonly PlannedTask[], minimum: number): readonly PlannedTask[] => {
  const older = tasks.filter(({ isPrimary }) => !isPrimary);
  const spare = Math.max(tasks.filter(({ isAvailable }) => isAvailable).length - minimum, 0);
  return [
    ...older.filter(({ isAvailable }) => !isAvailable),
    ...older.filter(({ isAvailable }) => isAvailable).slice(0, spare),
  ];
};

/** Those that do not serve yet go first, then the newest. */
const leastUsefulFirst = (tasks: readonly PlannedTask[]): readonly PlannedTask[] =>
  tasks.toReversed().sort((a, b) => Number(a.isAvailable) - Number(b.isAvailable));
