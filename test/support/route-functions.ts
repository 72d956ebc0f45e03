import type { Mode, Plan } from '../../functions/domain/plan/plan.ts';
import type { Strategy } from '../../functions/domain/plan/strategy.ts';
import type { Release } from '../../functions/domain/release.ts';
import { manifest, pascal } from '../../functions/manifest.ts';
import { planKey } from '../../functions/operations/plan-document.ts';
import type { StepInput } from '../../functions/operations/step-context.ts';
import type { Invocation } from '../../infra/local/function.ts';
import { type MemoryPorts, storeEvaluation } from './memory-slipway.ts';
import { onlyACount } from './route-clouds.ts';

/** What decides the way through the graph. */
export interface Route {
  readonly strategy: Strategy;
  readonly mode: Mode;
  readonly approval: boolean;
  /** Somebody moves the stack when the deployment begins. */
  readonly busy?: boolean;
  /** Of the release, instead of its desired count. */
  readonly parameters?: Release['parameters'];
}

type Operation = (ports: MemoryPorts, payload: StepInput) => Promise<unknown>;

/** Runs the operation of a function's name as Lambda would. */
export const invoke = async (
  ports: MemoryPorts,
  route: Route,
  name: string,
  payload: StepInput,
): Promise<Invocation> => {
  try {
    const operation = standIns(route)[name] ?? (await operationOf(name));
    return { payload: JSON.stringify((await operation(ports, payload)) ?? null) };
  } catch (error) {
    const { name: errorType, message: errorMessage } = error as Error;
    return { payload: JSON.stringify({ errorType, errorMessage, trace: [] }), functionError: 'Unhandled' };
  }
};

const nothing: Operation = async () => ({});

/** Steps that read SQL or make logins have nothing to do in memory; what they would find is the route's to say. */
const standIns = ({ mode, approval }: Route): Readonly<Record<string, Operation>> => ({
  ...{ PGUpsert: nothing, PGEval: nothing, PGCleanup: nothing, PGDestroy: nothing, PGRotate: nothing },
  ...{ PGRetire: nothing, CFPlan: nothing },
  EvalJoin: async (ports, ids) => {
    await storeEvaluation({ ports, tasks: { applied: [] } as never }, ids, 1);
    await ports.documents.put(planKey(ids), { mode, hash: 'h1', stack: { changes: [onlyACount] } } as unknown as Plan);
    return { mode, approval };
  },
});

/** By the one-word rule: `PGMigrate` is `pgMigrate` of operations/pg-migrate.ts; a file of one export needs no such name. */
const operationOf = async (name: string): Promise<Operation> => {
  const row = manifest.find((each) => pascal(each.name) === name);
  if (!row) throw new Error(`functions/manifest.ts has no row for ${name}`);
  const module = await import(`../../functions/operations/${row.name}.ts`);
  return module[row.name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] ?? Object.values(module)[0];
};
