import type { Runtime } from '../application/runtime.ts';
import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';
import { hasSidecar } from '../template/sidecar.ts';
import type { CheckInput } from './check-input.ts';

/** What AWS counts of a runtime before it makes anything of it. */
export const checkLimits = (input: CheckInput): readonly Finding[] =>
  input.application.runtimes.flatMap((runtime, index) => [
    ...tooManyContainers(runtime, ['runtimes', index, 'containers'], input),
    ...tooManyPolicies(runtime, ['runtimes', index, 'namedEnvPolicies']),
  ]);

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html: no account gets more. */
const maxContainers = 10;

const tooManyContainers = (runtime: Runtime, keys: Keys, input: CheckInput): Finding[] => {
  const sidecar = hasSidecar(runtime, input);
  const count = runtime.containers.length + (sidecar ? 1 : 0);
  if (count <= maxContainers) return [];
  const which = sidecar ? `are ${count} with the sidecar` : `are ${count}`;
  return [findingAt(keys, `${which}: a task of ECS takes ${maxContainers}. Move some into another runtime`)];
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: the most that an account is raised to. */
const maxPolicies = 20;

const tooManyPolicies = ({ namedEnvPolicies }: Runtime, keys: Keys): Finding[] =>
  new Set(namedEnvPolicies).size <= maxPolicies
    ? []
    : [findingAt(keys, `are more than ${maxPolicies}, which is all that a role of IAM takes: join them into fewer`)];
