import { StepFailure } from '../domain/failure.ts';
import { type ImportTarget, importTargets, importTemplate } from '../domain/template/import.ts';
import { outwardToken } from '../domain/token.ts';
import type { ClusterPorts, ImportedResource, Ports } from '../ports.ts';
import { templateUrl } from './move-stack.ts';
import { importFindingsKey, keepFindings } from './plan-document.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import type { StepContext, StepInput } from './step-context.ts';

export type ImportPlanPorts = RunStepPorts & Pick<Ports, 'hash'>;

/** Finds what the release would take over, and has CloudFormation check it in a change set that is made, read and deleted. */
export const importPlan = (ports: ImportPlanPorts, input: StepInput): Promise<object> =>
  runStep(ports, input, 'ImportPlan', async (context) => {
    const imports = await keepFindings(ports.documents, importFindingsKey(input), () => found(ports, context));
    return { answer: {}, outputs: { imports: imports.map(({ logicalId }) => logicalId).join(', ') } };
  });

const found = async (ports: ImportPlanPorts, context: StepContext): Promise<readonly ImportedResource[]> => {
  const { aws, release, stack, input } = context;
  const targets = importTargets(release.template);
  const looks = await Promise.all(targets.map(async (target) => ({ target, there: await lookFor(aws, target) })));
  const missing = looks.filter(({ there }) => !there).map(({ target }) => target);
  if (missing.length > 0) throw importMissing(missing);
  const imports = looks.flatMap(({ there }) => there ?? []);
  const token = outwardToken(ports.hash, { ...input, step: 'ImportPlan', attempt: 1 });
  const template = importTemplate(await aws.stacks.template(stack.name), release.template);
  const url = await templateUrl(ports, template);
  const request = { stackName: stack.name, name: token, templateUrl: url, parameters: {}, token, imports };
  const prepared = await aws.stacks.prepare(request);
  await aws.stacks.discard(prepared.id);
  if (prepared.failure) throw importRefused(prepared.failure);
  return imports;
};

/** As CloudFormation finds it; undefined when it does not exist. */
const lookFor = async (
  { buckets, secrets }: ClusterPorts,
  { logicalId, type, name }: ImportTarget,
): Promise<ImportedResource | undefined> => {
  if (type === 'AWS::S3::Bucket')
    return (await buckets.exists(name)) ? { logicalId, type, identifier: { BucketName: name } } : undefined;
  const arn = await secrets.find(name);
  return arn === undefined ? undefined : { logicalId, type, identifier: { Id: arn } };
};

const importMissing = (missing: readonly ImportTarget[]) =>
  new StepFailure({
    code: 'ImportMissing',
    message: `These do not exist, or are marked for deletion, and cannot be imported: ${missing.map(({ name, logicalId, type }) => `${name} (${logicalId}, ${type})`).join('; ')}`,
    left: 'Nothing was imported; the stack is empty',
    remedy: 'Make or restore them and ask again, or deploy with the strategy full, which makes them anew',
  });

const importRefused = (failure: string) =>
  new StepFailure({
    code: 'ImportRefused',
    message: `CloudFormation refuses the import: ${failure}`,
    left: 'Nothing was imported; the stack is empty',
    remedy: 'Set right what CloudFormation names, then ask again',
  });
