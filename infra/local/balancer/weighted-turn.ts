import type { WeightedTargetGroup } from './balancer-records.ts';

/** Gives target groups in turn, each as often as its weight says; smooth, so that 3:1 is not `aaab` in a row of bursts. */
export const weightedTurn = (): ((groups: readonly WeightedTargetGroup[]) => string) => {
  const credit = new Map<string, number>();
  return (groups) => {
    const total = groups.reduce((sum, { weight }) => sum + weight, 0);
    for (const { arn, weight } of groups) credit.set(arn, (credit.get(arn) ?? 0) + weight);
    const [best] = groups.toSorted((a, b) => (credit.get(b.arn) ?? 0) - (credit.get(a.arn) ?? 0));
    const arn = best?.arn ?? '';
    credit.set(arn, (credit.get(arn) ?? 0) - total);
    return arn;
  };
};
