import { App, DefaultStackSynthesizer, type IStackSynthesizer } from 'aws-cdk-lib';
import { ClusterStack } from './cluster-stack.ts';
import { ControlStack } from './control-stack.ts';
import { getStage } from './stages.ts';

/** The CDK app: the stage's control plane, and a stack for each of its clusters. */
export const slipwayApp = (bundles: string): App => {
  const app = new App({ analyticsReporting: false, treeMetadata: false });
  const stage = getStage(String(app.node.tryGetContext('stage')));
  new ControlStack(app, 'slipway', {
    stage,
    bundles,
    env: { account: stage.account, region: stage.region },
    synthesizer: synthesizer(),
  });
  for (const site of stage.clusters)
    new ClusterStack(app, `slipway-cluster-${site.name}`, {
      stage,
      site,
      bundles,
      env: { account: site.account, region: site.region },
      synthesizer: synthesizer(),
    });
  return app;
};

// The class is looser than its own interface under exactOptionalPropertyTypes.
const synthesizer = () => new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer;
