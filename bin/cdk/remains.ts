import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloudFormationRoleName } from '../../infra/aws/names.ts';
import type { Stage } from '../../infra/aws/stage.ts';

interface Manifest {
  readonly artifacts: Readonly<Record<string, { readonly properties?: { readonly templateFile?: string } }>>;
}

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly DeletionPolicy?: string }>>;
}

/** What is left after the stacks of an assembly were deleted, in lines for people. */
export const remains = (assembly: string, { clusters }: Stage): readonly string[] => {
  // By its manifest: the folder may still hold templates of another stage.
  const { artifacts } = readJson<Manifest>(join(assembly, 'manifest.json'));
  const kept = Object.values(artifacts).flatMap(({ properties }) =>
    properties?.templateFile ? retained(readJson<Template>(join(assembly, properties.templateFile))) : [],
  );
  return [
    ...(kept.length === 0
      ? ['Nothing of the control plane is left.']
      : [
          'What is kept, and costs until you delete it yourself:',
          ...counted(kept),
          ...(kept.some((type) => NAMED.has(type)) ? [IN_THE_WAY] : []),
        ]),
    ...clusters.map(
      (site) =>
        `Stacks of applications in cluster ${site.name} run on. CloudFormation remembers ${cloudFormationRoleName(site)} for them, which is gone: to change or delete one by hand, name another role.`,
    ),
  ];
};

/** What goes with the function or machine that it is a version of. */
const PARTS = new Set(['AWS::Lambda::Version', 'AWS::StepFunctions::StateMachineVersion']);

/** Types whose names are fixed, by names.ts and storage.ts. */
const NAMED = new Set(['AWS::S3::Bucket', 'AWS::SecretsManager::Secret']);
const IN_THE_WAY =
  'Bucket and secrets have fixed names: before this stage is deployed again, take them into its stack (npx cdk import) or delete them.';

const retained = ({ Resources = {} }: Template): readonly string[] =>
  Object.values(Resources)
    .filter(({ Type, DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete' && !PARTS.has(Type))
    .map(({ Type }) => Type);

const counted = (types: readonly string[]): readonly string[] =>
  [...Map.groupBy(types, (type) => type)].map(([type, all]) => `  ${type}${all.length > 1 ? ` (${all.length})` : ''}`);

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
