import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, DefaultStackSynthesizer, type IStackSynthesizer } from 'aws-cdk-lib';
import { bundleFunctions } from '../infra/aws/bundle.ts';
import { ClusterStack } from '../infra/aws/cluster-stack.ts';
import { ControlStack } from '../infra/aws/control-stack.ts';
import { getStage } from '../infra/aws/stages.ts';

const app = new App({ analyticsReporting: false });
const stage = getStage(String(app.node.tryGetContext('stage')));
const bundles = mkdtempSync(join(tmpdir(), 'slipway-bundles-'));
// The assembly takes copies when the process ends its work; nothing is left behind.
process.on('exit', () => rmSync(bundles, { recursive: true, force: true }));
await bundleFunctions(resolve(import.meta.dirname, '..'), bundles);

// The class is looser than its own interface under exactOptionalPropertyTypes.
const synthesizer = () => new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer;
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
