import { type Build, buildFrom } from '../../functions/domain/template/build.ts';
import { sampleApplication, sampleCluster, sampleEnvironment, sampleRuntime, sha256 } from './sample-configuration.ts';

export const busArn = 'arn:aws:events:eu-central-1:000000000000:event-bus/apps';

interface Sample {
  readonly application?: object;
  readonly runtime?: object;
  readonly environment?: object;
  readonly cluster?: object;
}

/** What the parts of the builder look at, on a cluster with a bus and a sidecar; the first runtime is `runtime`. */
export const sampleBuild = ({ application = {}, runtime = {}, environment = {}, cluster = {} }: Sample): Build =>
  buildFrom({
    application: sampleApplication({ runtimes: [sampleRuntime(runtime)], ...application }),
    environment: sampleEnvironment(environment),
    cluster: sampleCluster({ eventBridge: { eventBusArn: busArn }, o5Sidecar: { imageVersion: 'v1' }, ...cluster }),
    version: 'c0ffee',
    hash: sha256,
  });

/** The first runtime of a build, and the build. */
export const sampleRuntimeBuild = (sample: Sample) => {
  const build = sampleBuild(sample);
  const [runtime] = build.application.runtimes;
  if (!runtime) throw new Error('The sample has no runtime');
  return { runtime, build };
};

/** An environment with links, as its file says it. */
export const withLinks = (links: Readonly<Record<string, string>>) => ({
  aws: {
    environmentLinks: Object.entries(links).map(([lookupName, fullName]) => ({
      lookupName,
      fullName,
      snsPrefix: `arn:aws:sns:eu-central-1:000000000000:${fullName}`,
    })),
  },
});
