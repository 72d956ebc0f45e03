import { StepFailure } from '../domain/failure.ts';
import type { ResourceChange } from '../domain/plan/plan.ts';
import { changeWords } from '../domain/plan/within-plan.ts';
import { importTemplate } from '../domain/template/import.ts';
import type { ImportedResource, Ports } from '../ports.ts';
import { type MovePorts, moveStack } from './move-stack.ts';
import { importFindingsKey } from './plan-document.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import type { StepContext, WaitingInput } from './step-context.ts';

/** Takes what ImportPlan found into the stack, by a change set of its own; nothing else changes. */
export const importResources = (ports: WaitingPorts & MovePorts, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'Import',
    awaits: () => ({ kind: 'stack-operation', goal: 'IMPORT' }),
    call: (context, token) =>
      moveStack(ports, context, token, async () => {
        const { aws, release, stack } = context;
        const imports = await plannedImports(ports, context);
        return {
          template: importTemplate(await aws.stacks.template(stack.name), release.template),
          counts: async () => ({}),
          keepParameters: true,
          imports,
          allowance: async () => ({ allows: onlyImports(imports) }),
        };
      }),
  });

const plannedImports = async ({ documents }: Pick<Ports, 'documents'>, { input }: StepContext) => {
  const imports = await documents.find<readonly ImportedResource[]>(importFindingsKey(input));
  if (imports) return imports;
  throw new StepFailure({ code: 'RecordMissing', message: 'ImportPlan left no findings: ask for the import again' });
};

/** What an import would do besides, in words. */
const onlyImports =
  (imports: readonly ImportedResource[]) =>
  (changes: readonly ResourceChange[]): readonly string[] =>
    changes
      .filter(({ logicalId, action }) => action !== 'Import' || !imports.some((each) => each.logicalId === logicalId))
      .map(changeWords);
