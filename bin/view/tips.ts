import { CALL } from './names.ts';
import type { Paint } from './paint.ts';

export interface Places {
  /** Of the AWS APIs. */
  readonly endpoint: string;
  readonly url: string;
  /** As the person would type it. */
  readonly clone: string;
  readonly log: string;
}

/** What a newcomer can do once the first release runs. */
export const tips = ({ endpoint, clone, log }: Places, paint: Paint): readonly string[] => [
  '',
  paint('strong', 'Look inside'),
  `  ${CALL} status`,
  `  any AWS client with AWS_ENDPOINT_URL=${endpoint}, such as: aws stepfunctions list-state-machines`,
  `  ${log} tells what the embedded cloud does`,
  '',
  paint('strong', 'Try next, in another terminal'),
  '  another greeting:',
  `    cd ${clone} && sed -i 's/Welcome/Ahoy, welcome/' server.js && git commit -am 'Ahoy' && git push`,
  '  a migration that fails on purpose, and its fix (../ is this folder):',
  `    cp -r examples/shop/releases/07-broken-reviews/db ${clone}/ && cd ${clone} && git add . && git commit -m Reviews && git push`,
  `    cp -r examples/shop/releases/08-reviews/db ${clone}/ && cd ${clone} && git add . && git commit -m Reviews && git push`,
];

export const waiting = ({ clone }: Pick<Places, 'clone'>): string =>
  `Waiting for the next push from ${clone}; Ctrl-C stops everything.`;
