import { loadDeclared } from '../declared.ts';
import { checkExports } from '../exports.ts';
import { importsOf, resolveOutputs } from '../template/outputs.ts';
import type { Prepared } from '../template/prepare.ts';
import { type Run, reasonOf, Stopped } from './context.ts';
import { type Failed, forward, liveScope } from './forward.ts';

/** The operation's template with its parameters. */
export const declared = ({ records, operation, world }: Run): Prepared => {
  if (!operation.declaration) throw new Error(`operation ${operation.id} has no template`);
  return loadDeclared(records, world, operation.stackId, operation.declaration);
};

/**
 * Brings the stack to the operation's template; then, in one write, takes over its outputs and lets `next` move the operation on,
 * so that no cancel comes between. Answers what went wrong.
 */
export const build = async (run: Run, next: () => void): Promise<string | undefined> => {
  try {
    const wanted = declared(run);
    const problem = failureWords(await forward(run, wanted));
    if (problem || run.stopping.aborted) return problem;
    // Cancelled after its last resource was done: a cancel that was accepted is kept.
    if (run.signal.aborted) return 'Resource update cancelled';
    run.world.store.atomically(() => {
      takeOver(run, wanted);
      next();
    });
    return undefined;
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return reasonOf(error);
  }
};

const failureWords = (failed: readonly Failed[]): string =>
  (['CREATE', 'UPDATE', 'IMPORT'] as const)
    .map((verb) => {
      const those = failed.filter(({ status }) => status === `${verb}_FAILED`).map(({ logicalId }) => logicalId);
      return those.length ? `The following resource(s) failed to ${verb.toLowerCase()}: [${those.join(', ')}]. ` : '';
    })
    .join('');

const takeOver = (run: Run, wanted: Prepared) => {
  const { records, operation } = run;
  const stack = records.stacks.get(operation.stackId);
  if (!stack || !operation.declaration) return;
  const scope = liveScope(run, wanted);
  const outputs = resolveOutputs(scope);
  checkExports(records, stack, outputs);
  records.stacks.put(stack.id, { ...stack, outputs, imports: importsOf(scope), declaration: operation.declaration });
};
