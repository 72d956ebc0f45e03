import type { Application } from '../../functions/domain/application/application.ts';
import type { Release } from '../../functions/domain/release.ts';
import { stackName } from '../../functions/domain/template/names.ts';
import { releaseKey } from '../../functions/operations/step-context.ts';
import type { Ports } from '../../functions/ports.ts';
import { Complaint } from '../complaint.ts';
import { buildFor } from '../configuration/build-side.ts';
import { isRead, readApplication } from '../configuration/read-application.ts';
import type { Site } from '../configuration/read-configurations.ts';
import { readSource } from '../configuration/read-source.ts';
import { builtOf, sideOf } from './built-of.ts';
import { type Sides, withoutDigests } from './side.ts';

export type DeployedPorts = Pick<Ports, 'configuration' | 'stacks' | 'documents'>;

export interface Proposed {
  /** The application file. */
  readonly source: string;
  readonly environment: string;
  /** That of what is deployed when left out, so that only the rest differs. */
  readonly version: string | undefined;
}

/**
 * A file against the release that Slipway last brought to the environment, by its records.
 * @throws Complaint when there is none, or the file cannot be built for that environment
 */
export const againstDeployed = async (ports: DeployedPorts, proposed: Proposed): Promise<Sides> => {
  const { source, environment } = proposed;
  const site = await siteOf(ports, environment);
  const build = (version: string) =>
    builtOf(
      source,
      buildFor({ source, version }, () => site),
    );
  // Of a file that cannot be read the findings matter, and building tells them.
  const read = readApplication(readSource(source));
  const application = isRead(read) ? read.application : build('').application;
  const release = await deployed(ports, environment, application);
  const { built: after } = build(proposed.version ?? release.version);
  const databases = release.databases.map(({ migrations: _, ...database }) => database);
  const before = { template: release.template, beside: { parameters: release.parameters, databases } };
  return { before: withoutDigests(before, after.images), after: sideOf(after) };
};

const siteOf = async ({ configuration }: DeployedPorts, name: string): Promise<Site> => {
  const environment = await configuration.findEnvironment(name);
  const cluster = environment && (await configuration.findCluster(environment.clusterName));
  if (environment && cluster) return { environment, cluster };
  const known = (await configuration.listEnvironments()).map(({ fullName }) => fullName).join(', ');
  throw new Complaint(`The environment ${name} is not configured there. Configured: ${known || 'none'}.`);
};

const deployed = async (ports: DeployedPorts, environment: string, { name }: Application): Promise<Release> => {
  const stack = await ports.stacks.find(stackName(environment, name));
  if (!stack?.release)
    throw new Complaint(`${name} has never been deployed to ${environment}: all of it would be new.`);
  const release = await ports.documents.find<Release>(releaseKey(stack.release));
  if (!release) throw new Complaint(`The release ${stack.release} of ${stack.name} is gone from the documents.`);
  return release;
};
