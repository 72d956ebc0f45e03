import { App, DefaultStackSynthesizer, type IStackSynthesizer, Tags } from 'aws-cdk-lib';
import { ClusterStack } from './cluster-stack.ts';
import { ControlStack } from './control-stack.ts';
import { getStage } from './get-stage.ts';
import { controlStackName } from './names.ts';
import type { StageEntry } from './stage.ts';
import { stages } from './stages.ts';

/** The CDK app: the stage's control plane, and a stack for each of its clusters. */
export const slipwayApp = (bundles: string, entries: Readonly<Record<string, StageEntry>> = stages): App => {
  const app = new App({
    ...{ analyticsReporting: false, treeMetadata: false },
    // Takes as long as all the rest together: `npm run templates` does it, for the templates of applications too.
    builtinCloudFormationValidation: false,
  });
  const stage = getStage(String(app.node.tryGetContext('stage')), entries);
  for (const [key, value] of Object.entries(stage.tags)) Tags.of(app).add(key, value);
  const control = new ControlStack(app, controlStackName, {
    stage,
    bundles,
    env: { account: stage.account, region: stage.region },
    synthesizer: synthesizer(),
  });
  for (const site of stage.clusters) {
    const cluster = new ClusterStack(app, `slipway-cluster-${site.name}`, {
      stage,
      site,
      bundles,
      env: { account: site.account, region: site.region },
      synthesizer: synthesizer(),
    });
    // Its rules lead to the bus, its role trusts the functions: both are there first, and go last.
    cluster.addStackDependency(control);
  }
  return app;
};

// The class is looser than its own interface under exactOptionalPropertyTypes.
const synthesizer = () => new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer;
