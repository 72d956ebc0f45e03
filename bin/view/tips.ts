import { CALL } from './names.ts';
import type { Paint } from './paint.ts';

export interface Places {
  /** Of the AWS APIs. */
  readonly endpoint: string;
  readonly region: string;
  /** These as the person would type them. */
  readonly clone: string;
  readonly log: string;
  /** Of the example's releases, as seen from the clone. */
  readonly releases: string;
  /** Whether the migration that breaks has been in the clone before. */
  readonly hasReviews: boolean;
}

/** What a newcomer can do once the first release runs. */
export const tips = (places: Places, paint: Paint): readonly string[] => [
  paint('strong', 'Look inside'),
  `  ${CALL} status`,
  `  any AWS client with AWS_ENDPOINT_URL=${places.endpoint} AWS_REGION=${places.region} and any credentials`,
  `  ${places.log} tells what the embedded cloud does`,
  paint('strong', 'Try next'),
  `  cd ${places.clone} in another terminal, change the greeting in server.js, then:`,
  '    git add . && git commit -m "New greeting" && git push',
  ...(places.hasReviews ? ownMigration : brokenMigration(places)),
];

const ownMigration = ['  or add a migration of your own in db/migrations: the plan says what it makes of it.'];

const brokenMigration = ({ releases }: Places) => [
  '  break a migration on purpose, and push it in the same way:',
  `    cp -r ${releases}/07-broken-reviews/db .`,
  '  and mend it:',
  `    cp -r ${releases}/08-reviews/db .`,
];

export const waiting = ({ clone }: Pick<Places, 'clone'>): string =>
  `Waiting for the next push from ${clone}; Ctrl-C stops everything.`;
