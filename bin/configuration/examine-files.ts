import type { ConfigurationFile } from '../../functions/domain/configuration/configuration-error.ts';
import { isRead, misfits, type ReadApplication, readApplication } from './read-application.ts';
import { allSites, type Configured, readConfigurations, type Site, siteNamed } from './read-configurations.ts';
import { inOrder, isError, type Remark } from './remark.ts';

export interface Files {
  readonly applications: readonly ConfigurationFile[];
  readonly configurations: readonly ConfigurationFile[];
}

/** One file and what there is to say of it. */
export interface Examined {
  readonly path: string;
  /** What it holds, in words; empty when it could not be read. */
  readonly holds: string;
  readonly remarks: readonly Remark[];
}

export interface Examination {
  readonly files: readonly Examined[];
  /** The environments that applications were held against. */
  readonly environments: readonly string[];
  /** Environments that they were not held against, because their cluster is in none of the files. */
  readonly homeless: readonly string[];
}

/**
 * Every file by itself, then every application against the environment of this name, or against all there are.
 * @throws Complaint when there is no such environment
 */
export const examineFiles = ({ applications, configurations }: Files, wanted: string | undefined): Examination => {
  const read = configurations.map((file) => ({ path: file.path, ...readConfigurations([file]) }));
  const { sites, homeless } = sitesOf(readConfigurations(configurations), wanted);
  const candidates = applications.map((file) => ({ path: file.path, read: readApplication(file) }));
  return {
    files: [
      ...read.map((each) => ({ path: each.path, holds: holdings(each), remarks: each.remarks })),
      ...candidates.map(({ path, read: candidate }) => {
        const beside = candidates.map((other) => other.read).filter((other) => other !== candidate && isRead(other));
        return { path, ...(isRead(candidate) ? held(candidate, sites, beside.filter(isRead)) : unread(candidate)) };
      }),
    ],
    environments: sites.map(({ environment }) => environment.fullName),
    homeless,
  };
};

/** Of a file with errors nothing is known: then no environment is missed that may stand in it. */
const sitesOf = (configured: Configured, wanted: string | undefined) => {
  if (wanted !== undefined && !configured.remarks.some(isError))
    return { sites: [siteNamed(configured, wanted)], homeless: [] };
  const { sites, homeless } = allSites(configured);
  return {
    sites: sites.filter(({ environment }) => wanted === undefined || environment.fullName === wanted),
    homeless: homeless.map(({ fullName }) => fullName),
  };
};

const unread = (remarks: readonly Remark[]) => ({ holds: '', remarks });

const held = (read: ReadApplication, sites: readonly Site[], beside: readonly ReadApplication[]) => {
  const { application, warnings } = read;
  const others = beside.map((other) => other.application);
  return {
    holds: `application ${application.name}`,
    remarks: inOrder([...warnings, ...misfits(read, sites, others)]),
  };
};

const holdings = ({ clusters, environments, repositories }: Configured): string =>
  [
    ...clusters.map(({ name }) => `cluster ${name}`),
    ...environments.map(({ fullName }) => `environment ${fullName}`),
    ...repositories.map((name) => `repository ${name}`),
  ].join(', ');
