import type { World } from '../part.ts';
import { type DbInstance, resourceIdOf } from './db-instance.ts';
import type { Guard } from './guarded-server.ts';
import { type TokenJudge, tokenRefusal } from './token-refusal.ts';

/** What keeps the door of an instance: tokens for its endpoint, from roles that may `rds-db:connect` as the user. */
export const iamGuard = (
  { region, account, clock, log }: World,
  iam: TokenJudge['iam'],
  instance: Pick<DbInstance, 'id' | 'seed'>,
): Guard => ({
  refusalOf: (port, user, token) => {
    const resourceArn = `arn:aws:rds-db:${region}:${account}:dbuser:${resourceIdOf(instance)}/${user}`;
    const refusalAt = (now: () => number) =>
      tokenRefusal({ iam, region, now }, { address: `127.0.0.1:${port}`, user, resourceArn }, token);
    // Functions sign by the cloud's clock, which may have leapt, and containers by the machine's.
    return refusalAt(clock.now) && refusalAt(Date.now);
  },
  log: (line) => log(`PostgreSQL of ${instance.id}: ${line}`),
});
