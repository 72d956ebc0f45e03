import { type BuildInput, buildFrom } from '../../functions/domain/template/build.ts';
import { awsCluster, sampleApplication, sampleCluster, sampleEnvironment, sha256 } from './sample-configuration.ts';

/** A cluster with everything that a sidecar needs. */
export const o5Keys = {
  o5Sidecar: { imageVersion: 'v7', imageRepo: 'registry.example/sidecar' },
  eventBridge: { eventBusArn: 'arn:aws:events:eu-central-1:000000000000:event-bus/apps' },
};

/** What makes a cluster run its tasks on Fargate. */
export const fargateKeys = {
  ecsCluster: { ...awsCluster.ecsCluster, launchType: 'FARGATE', subnetIds: ['subnet-b', 'subnet-a'] },
};

interface Place {
  readonly application?: object;
  readonly environment?: object;
  readonly cluster?: object;
}

/** An application in a place that has a sidecar. */
export const sampleInput = ({ application, environment, cluster }: Place = {}): BuildInput => ({
  application: sampleApplication(application),
  environment: sampleEnvironment(environment),
  cluster: sampleCluster({ ...o5Keys, ...cluster }),
  version: 'c0ffee',
  hash: sha256,
});

export const sampleBuild = (place: Place = {}) => buildFrom(sampleInput(place));

/** The first of a list that a test knows to hold one. */
export const only = <T>([first]: readonly T[]): T => {
  if (first === undefined) throw new Error('The list is empty');
  return first;
};
