import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { commitOf } from '../../functions/domain/deployment/report.ts';

/** As people know a commit. */
export const shortCommit = (commit: string): string => (/^[0-9a-f]{40}$/.test(commit) ? commit.slice(0, 7) : commit);

/** `dev-shop 141d843`: a deployment in few letters. */
export const shortName = (deployment: Deployment): string =>
  `${deployment.stackName} ${shortCommit(commitOf(deployment) ?? deployment.version)}`;

/** `main` of refs/heads/main, `v1.2` of refs/tags/v1.2. */
export const shortRef = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, '');

/** How the command line is called where nothing is installed globally. */
export const CALL = 'npm run slipway --';
