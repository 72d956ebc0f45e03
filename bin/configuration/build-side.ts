import type { Application } from '../../functions/domain/application/application.ts';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import type { BuiltApplication } from '../../functions/domain/template/template.ts';
import { sha256 } from '../sha256.ts';
import { isRead, misfits, readApplication } from './read-application.ts';
import { readConfigurations, type Site, siteNamed } from './read-configurations.ts';
import { readSource } from './read-source.ts';
import { isError, type Remark } from './remark.ts';
import { sampleSite } from './sample-site.ts';

export interface Wanted {
  /** A file, or `REVISION:PATH`. */
  readonly application: string;
  readonly configurations: readonly string[];
  readonly environment: string | undefined;
  readonly version: string;
}

export type BuiltFile =
  | {
      readonly kind: 'built';
      readonly application: Application;
      readonly site: Site;
      /** Made up, because no configuration was given. */
      readonly isSample: boolean;
      readonly built: BuiltApplication;
      readonly warnings: readonly Remark[];
    }
  /** Nothing was built: of its remarks at least one is an error. */
  | { readonly kind: 'refused'; readonly remarks: readonly Remark[] };

/**
 * What a release of an application file would be, its images as configured.
 * @throws Complaint when a file or the environment is not to be found
 */
export const buildFile = (wanted: Wanted): BuiltFile => {
  const { application: source, configurations, environment } = wanted;
  const configured = readConfigurations(configurations.map(readSource));
  if (configured.remarks.some(isError)) return { kind: 'refused', remarks: configured.remarks };
  const isSample = configurations.length === 0;
  const siteFor = (application: Application) =>
    isSample ? sampleSite(application, environment) : siteNamed(configured, environment);
  const built = buildFor({ source, version: wanted.version }, siteFor);
  if (built.kind === 'refused') return { ...built, remarks: [...configured.remarks, ...built.remarks] };
  return { ...built, isSample, warnings: [...configured.remarks, ...built.warnings] };
};

/** The same for an environment that is known already, or that depends on the application. */
export const buildFor = (
  { source, version }: { readonly source: string; readonly version: string },
  siteFor: (application: Application) => Site,
): BuiltFile => {
  const read = readApplication(readSource(source));
  if (!isRead(read)) return { kind: 'refused', remarks: read };
  const { application, warnings } = read;
  const site = siteFor(application);
  const errors = misfits(read, [site]);
  if (errors.length > 0) return { kind: 'refused', remarks: [...warnings, ...errors] };
  const built = buildTemplate({ application, ...site, version, hash: sha256 });
  return { kind: 'built', application, site, isSample: false, built, warnings };
};
