/** One sending of an event to the webhook, as GitHub lists it. */
export interface HookDelivery {
  /** Digits; more of them than a number keeps. */
  readonly id: string;
  /** The same for every sending of one event. */
  readonly guid: string;
  readonly event: string;
  readonly repositoryId: string;
  readonly deliveredAt: string;
  /** Somebody asked for it. */
  readonly redelivery: boolean;
  /** What the webhook answered; 0 for no answer. */
  readonly statusCode: number;
  /** GitHub has not heard the answer yet. */
  readonly pending: boolean;
}

/** A push that the webhook has not taken, and what was done about it. */
export interface FailedDelivery {
  readonly id: string;
  readonly guid: string;
  readonly repositoryId: string;
  readonly failedAt: string;
  /** How often it was sent again. */
  readonly attempts: number;
  /** Not before. */
  readonly dueAt: string;
}

/** What was seen so far: one record, whatever the number of deliveries. */
export interface DeliveryLook {
  readonly lookedAt: string;
  readonly failed: readonly FailedDelivery[];
}

/** GitHub sends nothing again that is older: https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks */
export const KEPT_MILLIS = 3 * 24 * 60 * 60_000;
/** Two looks see the last minutes twice: what was under way is decided by then. */
export const OVERLAP_MILLIS = 2 * 60_000;
const PERIOD_MILLIS = 5 * 60_000;
/** 5 + 10 + 20 + ... minutes between them: the ninth comes after a day and a half. */
const MOST_ATTEMPTS = 9;
/** An item has 400 KB; these take 40. */
const MOST_FAILED = 200;
/** The webhook does not take so large a push, however often; the heads of the branches tell of it. */
const TOO_LARGE = 413;

/** The look after what GitHub lists since the last one: failures of pushes are added, those that got through are gone. */
export const lookAfter = (
  before: DeliveryLook | undefined,
  listed: readonly HookDelivery[],
  now: Date,
  isOurs: (repositoryId: string) => boolean,
): DeliveryLook => {
  const taken = new Set(listed.filter((row) => isTaken(row)).map(({ guid }) => guid));
  const known = (before?.failed ?? []).filter(({ guid, failedAt }) => !taken.has(guid) && !isOver(failedAt, now));
  const seen = new Set([...taken, ...known.map(({ guid }) => guid)]);
  const fresh = listed
    .filter((row) => isFailedPush(row) && !seen.has(row.guid) && isOurs(row.repositoryId))
    .map(({ id, guid, repositoryId, deliveredAt }) => ({
      id,
      guid,
      repositoryId,
      failedAt: deliveredAt,
      attempts: 0,
      dueAt: deliveredAt,
    }));
  return { lookedAt: now.toISOString(), failed: [...known, ...fresh].slice(-MOST_FAILED) };
};

/** Undefined once it has been sent often enough. */
export const attempted = (failed: FailedDelivery, now: Date): FailedDelivery | undefined => {
  const attempts = failed.attempts + 1;
  if (attempts >= MOST_ATTEMPTS) return undefined;
  const dueAt = new Date(now.getTime() + PERIOD_MILLIS * 2 ** (attempts - 1)).toISOString();
  return { ...failed, attempts, dueAt };
};

const isTaken = ({ statusCode, pending }: HookDelivery): boolean => !pending && statusCode >= 200 && statusCode < 300;

/** Sendings that were asked for count as attempts of the first one, which was seen before. */
const isFailedPush = (row: HookDelivery): boolean =>
  row.event === 'push' && !row.redelivery && !row.pending && !isTaken(row) && row.statusCode !== TOO_LARGE;

const isOver = (failedAt: string, now: Date): boolean => now.getTime() - Date.parse(failedAt) > KEPT_MILLIS;
