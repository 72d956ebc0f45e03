import type { Deployment } from '../functions/domain/deployment/deployment.ts';
import type { Plan } from '../functions/domain/plan/plan.ts';
import { planKey } from '../functions/operations/plan-document.ts';
import type { Ports } from '../functions/ports.ts';

/** The whole plan of a deployment, of which its record tells the outline; undefined when it has none yet. */
export const findPlan = async (
  { documents }: Pick<Ports, 'documents'>,
  { id, stackName, fence }: Deployment,
): Promise<Plan | undefined> =>
  fence === undefined ? undefined : documents.find<Plan>(planKey({ deploymentId: id, stackName, fence }));
