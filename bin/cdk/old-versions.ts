import { deployment } from '../../statemachines/deployment.asl.ts';

const DAY_SECONDS = 24 * 3600;

/**
 * An execution that started on a version may run as long as its machine allows, and may be redriven within 14 days of its
 * end (https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html); a day is for the update itself.
 */
export const KEPT_SECONDS = deployment.TimeoutSeconds + 15 * DAY_SECONDS;

export interface PublishedVersion {
  readonly arn: string;
  readonly publishedAtMillis: number;
}

/** Versions of one function or machine that nothing can call any more: not in use, and followed by another one long ago. */
export const oldVersions = (
  published: readonly PublishedVersion[],
  inUse: ReadonlySet<string>,
  nowMillis: number,
): readonly string[] => {
  const inOrder = published.toSorted((a, b) => a.publishedAtMillis - b.publishedAtMillis);
  return inOrder
    .filter(({ arn }, index) => {
      const next = inOrder[index + 1];
      return next && !inUse.has(arn) && nowMillis - next.publishedAtMillis > KEPT_SECONDS * 1000;
    })
    .map(({ arn }) => arn);
};
