import { readConfiguration } from '../../functions/adapters/yaml/configuration-reader.ts';
import type { ConfigurationFile, ReadConfiguration } from '../../functions/domain/configuration/configuration-error.ts';
import { nearest } from '../../functions/domain/configuration/nearest.ts';
import { type Cluster, clusterSchema } from '../../functions/domain/environment/cluster.ts';
import { combinedSchema } from '../../functions/domain/environment/combined.ts';
import { type Environment, environmentSchema } from '../../functions/domain/environment/environment.ts';
import { Complaint } from '../complaint.ts';
import { type FileKind, fileKind } from './file-kind.ts';
import { errorsFrom, type Remark, warningsFrom } from './remark.ts';

/** What configuration files say together, and what they are told. */
export interface Configured {
  readonly clusters: readonly Cluster[];
  readonly environments: readonly Environment[];
  /** `acme/shop`. */
  readonly repositories: readonly string[];
  readonly remarks: readonly Remark[];
}

/** An environment with the cluster that it belongs to. */
export interface Site {
  readonly environment: Environment;
  readonly cluster: Cluster;
}

/** Reads combined files, and files of one environment or one cluster. */
export const readConfigurations = (files: readonly ConfigurationFile[]): Configured => {
  const read = files.map((file) => readers[kindOf(file)](file));
  return {
    clusters: read.flatMap(({ clusters }) => clusters),
    environments: read.flatMap(({ environments }) => environments),
    repositories: read.flatMap(({ repositories }) => repositories),
    remarks: read.flatMap(({ remarks }) => remarks),
  };
};

/** What cannot be told by its keys is read as what `slipway apply` takes. */
const kindOf = (file: ConfigurationFile): Exclude<FileKind, 'application'> => {
  const kind = fileKind(file);
  return kind === 'environment' || kind === 'cluster' ? kind : 'combined';
};

const nothing: Configured = { clusters: [], environments: [], repositories: [], remarks: [] };

const readers: Readonly<Record<Exclude<FileKind, 'application'>, (file: ConfigurationFile) => Configured>> = {
  combined: (file) =>
    configured(readConfiguration(combinedSchema, file), ({ cluster, environments, repositories }) => ({
      clusters: cluster ? [cluster] : [],
      environments,
      repositories: repositories.map(({ owner, name }) => `${owner}/${name}`),
    })),
  environment: (file) =>
    configured(readConfiguration(environmentSchema, file), (environment) => ({ environments: [environment] })),
  cluster: (file) => configured(readConfiguration(clusterSchema, file), (cluster) => ({ clusters: [cluster] })),
};

const configured = <T>(read: ReadConfiguration<T>, partsOf: (value: T) => Partial<Configured>): Configured =>
  read.kind === 'invalid'
    ? { ...nothing, remarks: errorsFrom(read.errors) }
    : { ...nothing, ...partsOf(read.value), remarks: warningsFrom(read.warnings) };

/** Every environment that runs CloudFormation stacks and whose cluster is known, and the others by name. */
export const allSites = ({ clusters, environments }: Configured) => {
  const ofAws = environments.filter(({ kind }) => kind === 'aws');
  const sites = ofAws.flatMap((environment): readonly Site[] => {
    const cluster = clusters.find(({ name }) => name === environment.clusterName);
    return cluster ? [{ environment, cluster }] : [];
  });
  const placed = new Set(sites.map(({ environment }) => environment));
  return { sites, homeless: ofAws.filter((environment) => !placed.has(environment)) };
};

/**
 * The environment of this name with its cluster; without a name the only one there is.
 * @throws Complaint when the files do not hold it once, or not its cluster
 */
export const siteNamed = ({ clusters, environments }: Configured, wanted: string | undefined): Site => {
  const environment = environmentNamed(environments, wanted);
  const { fullName, clusterName } = environment;
  const [cluster, second] = clusters.filter(({ name }) => name === clusterName);
  if (!cluster)
    throw new Complaint(
      `The environment ${fullName} belongs to the cluster ${clusterName}, which is in none of the files: give its file too, with --configuration.`,
    );
  if (second) throw new Complaint(`The cluster ${clusterName} stands in the files twice: leave one of them out.`);
  return { environment, cluster };
};

const environmentNamed = (environments: readonly Environment[], wanted: string | undefined): Environment => {
  const [only, other] = environments;
  if (wanted === undefined && only && !other) return only;
  const names = environments.map(({ fullName }) => fullName);
  const known = names.length === 0 ? 'The files hold none.' : `Known: ${names.join(', ')}.`;
  if (wanted === undefined) throw new Complaint(`Name an environment with --environment. ${known}`);
  const [found, second] = environments.filter(({ fullName }) => fullName === wanted);
  if (second) throw new Complaint(`The environment ${wanted} stands in the files twice: leave one of them out.`);
  if (found) return found;
  const close = nearest(wanted, names);
  throw new Complaint(
    `There is no environment ${wanted} in the files${close ? `; did you mean ${close}?` : '.'} ${known}`,
  );
};
