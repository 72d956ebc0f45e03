import type { Deployment } from '../domain/deployment/deployment.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Ports } from '../ports.ts';
import { planKey } from './plan-document.ts';

/** How many earlier deployments of a stack are asked. */
const LOOK_BACK = 20;

/** Ids of migrations that earlier plans of this stack found to be EXPAND or NEUTRAL: an older release fits them. */
export const harmlessMigrations = async (
  { deployments, documents }: Pick<Ports, 'deployments' | 'documents'>,
  { stackName }: Pick<Deployment, 'stackName'>,
  database: string,
): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const { id, fence } of await deployments.listOfStack(stackName, LOOK_BACK)) {
    if (fence === undefined) continue;
    const plan = await documents.find<Plan>(planKey({ deploymentId: id, stackName, fence }));
    for (const { id: migration, statements } of plan?.databases.find((each) => each.database === database)?.pending ??
      [])
      if (statements.every(({ compatibility }) => compatibility === 'EXPAND' || compatibility === 'NEUTRAL'))
        ids.push(migration);
  }
  return ids;
};
