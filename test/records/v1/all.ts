import { acceptedCommits } from './accepted-commits.ts';
import { callbacks } from './callbacks.ts';
import { clusters } from './clusters.ts';
import { databaseFindings } from './database-findings.ts';
import { databases } from './databases.ts';
import { deliveryLooks } from './delivery-looks.ts';
import { deploymentInputs } from './deployment-inputs.ts';
import { deployments } from './deployments.ts';
import { drafts } from './drafts.ts';
import { environments } from './environments.ts';
import { events } from './events.ts';
import { importFindings } from './import-findings.ts';
import { listeners } from './listeners.ts';
import { plans } from './plans.ts';
import { previews } from './previews.ts';
import { pushRequests } from './push-requests.ts';
import { releases } from './releases.ts';
import { repositories } from './repositories.ts';
import { repositoryPointers } from './repository-pointers.ts';
import { requestInputs } from './request-inputs.ts';
import { rotations } from './rotations.ts';
import { stackFindings } from './stack-findings.ts';
import { stacks } from './stacks.ts';
import { targetHeads } from './target-heads.ts';

export const v1 = {
  stacks,
  deployments,
  callbacks,
  databases,
  targetHeads,
  acceptedCommits,
  pushRequests,
  deliveryLooks,
  listeners,
  environments,
  clusters,
  repositories,
  repositoryPointers,
  events,
  drafts,
  releases,
  plans,
  stackFindings,
  databaseFindings,
  importFindings,
  rotations,
  previews,
  requestInputs,
  deploymentInputs,
} as const;
