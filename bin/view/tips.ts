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
}

/** What a newcomer can do once the first release runs. */
export const tips = ({ endpoint, region, clone, log, releases }: Places, paint: Paint): readonly string[] => [
  paint('strong', 'Look inside'),
  `  ${CALL} status`,
  `  any AWS client with AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} and any credentials`,
  `  ${log} tells what the embedded cloud does`,
  paint('strong', 'Try next'),
  `  cd ${clone} in another terminal, change the greeting in server.js, then:`,
  '    git add . && git commit -m "New greeting" && git push',
  '  break a migration on purpose, and push it in the same way:',
  `    cp -r ${releases}/07-broken-reviews/db .`,
  '  and mend it:',
  `    cp -r ${releases}/08-reviews/db .`,
];

export const waiting = ({ clone }: Pick<Places, 'clone'>): string =>
  `Waiting for the next push from ${clone}; Ctrl-C stops everything.`;
