import type { World } from '../part.ts';
import { type DbInstance, resourceIdOf } from './db-instance.ts';
import type { Guard } from './guarded-server.ts';
import { type TokenJudge, tokenRefusal } from './token-refusal.ts';

/** What keeps the door of an instance: tokens for its endpoint, from roles that may `rds-db:connect` as the user. */
export const iamGuard = (
  { region, account, log }: World,
  iam: TokenJudge['iam'],
  instance: Pick<DbInstance, 'id' | 'seed'>,
): Guard => ({
  refusalOf: (port, user, token) => {
    const resourceArn = `arn:aws:rds-db:${region}:${account}:dbuser:${resourceIdOf(instance)}/${user}`;
    // Whoever signs is a process with the machine's clock, however far that of the cloud has leapt.
    return tokenRefusal({ iam, region, now: Date.now }, { address: `127.0.0.1:${port}`, user, resourceArn }, token);
  },
  log: (line) => log(`PostgreSQL of ${instance.id}: ${line}`),
});
