import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Cloud } from './cloud.ts';
import { deployTemplate } from './cloudformation/deploy-template.ts';

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: string };
        readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
      }
    >
  >;
}

interface AssemblyManifest {
  readonly artifacts: Readonly<
    Record<
      string,
      { readonly type: string; readonly properties?: { readonly templateFile?: string; readonly stackName?: string } }
    >
  >;
}

/** Outputs by stack. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Deploys what `cdk synth` wrote, as it is: the assets by their manifests, then stack by stack in the assembly's order. */
export const deployAssembly = async (cloud: Cloud, folder: string): Promise<Outputs> => {
  const { artifacts } = readJson<AssemblyManifest>(join(folder, 'manifest.json'));
  const outputs: Record<string, Readonly<Record<string, string>>> = {};
  for (const [name, { type, properties }] of Object.entries(artifacts)) {
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) continue;
    nameAssets(cloud, folder, name);
    outputs[name] = await deployTemplate(new CloudFormationClient(clientSettings(cloud)), {
      stackName: properties.stackName ?? name,
      templateBody: readFileSync(join(folder, properties.templateFile), 'utf8'),
      capabilities: ['CAPABILITY_NAMED_IAM'],
    });
  }
  return outputs;
};

/** Settings of an SDK client that speaks to the cloud as its operator. */
export const clientSettings = ({ endpoint, region }: Pick<Cloud, 'endpoint' | 'region'>) => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
});

/** A folder that AWS would get as a zip is used where it lies. */
const nameAssets = (cloud: Cloud, folder: string, stack: string) => {
  const { files } = readJson<AssetManifest>(join(folder, `${stack}.assets.json`));
  for (const { source, destinations } of Object.values(files))
    for (const { bucketName, objectKey } of Object.values(destinations))
      if (source.packaging === 'zip') cloud.addAsset(resolved(cloud, bucketName), objectKey, join(folder, source.path));
};

/** Assets of stacks without a fixed account hold placeholders. */
const resolved = ({ account, region }: Pick<Cloud, 'account' | 'region'>, text: string): string =>
  text.replaceAll('${AWS::AccountId}', account).replaceAll('${AWS::Region}', region);

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
