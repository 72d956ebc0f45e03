import { readConfiguration } from '../../functions/adapters/yaml/configuration-reader.ts';
import { type Application, applicationSchema } from '../../functions/domain/application/application.ts';
import type { ConfigurationFile, ReadConfiguration } from '../../functions/domain/configuration/configuration-error.ts';
import type { Finding } from '../../functions/domain/configuration/finding.ts';
import { checkApplication } from '../../functions/domain/environment/check.ts';
import type { CheckInput } from '../../functions/domain/environment/check-input.ts';
import { ownDatabases } from '../../functions/domain/environment/own-databases.ts';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import { templateLimits } from '../../functions/domain/template/template-limits.ts';
import { sha256 } from '../sha256.ts';
import type { Site } from './read-configurations.ts';
import { errorsFrom, inOrder, type Remark, warningsFrom } from './remark.ts';

/** An application file that could be read. */
export interface ReadApplication {
  readonly application: Application;
  readonly warnings: readonly Remark[];
  readonly locate: Extract<ReadConfiguration<Application>, { kind: 'read' }>['locate'];
}

/** The application, or what keeps the file from being one. */
export const readApplication = (file: ConfigurationFile): ReadApplication | readonly Remark[] => {
  const read = readConfiguration(applicationSchema, file);
  if (read.kind === 'invalid') return errorsFrom(read.errors);
  return { application: read.value, warnings: warningsFrom(read.warnings), locate: read.locate };
};

export const isRead = (read: ReadApplication | readonly Remark[]): read is ReadApplication => 'application' in read;

/**
 * What of an application does not fit where it is to run; said once, with all the environments for which it holds.
 * `beside` are applications of the same environments: whatever shares a cluster shares its database servers.
 */
export const misfits = (
  { application, locate }: ReadApplication,
  sites: readonly Site[],
  beside: readonly Application[] = [],
): readonly Remark[] => {
  const found = new Map<string, Remark>();
  for (const { environment, cluster } of sites) {
    const there = sites.filter((site) => site.cluster.name === cluster.name);
    const others = [application, ...beside].flatMap((other) =>
      there.flatMap((site) => ownDatabases(other, site.environment.fullName)),
    );
    for (const error of findingsIn({ application, environment, cluster, others }).map(locate)) {
      const key = JSON.stringify(error);
      const environments = [...(found.get(key)?.environments ?? []), environment.fullName];
      found.set(key, { severity: 'error', ...error, environments: [...new Set(environments)] });
    }
  }
  return inOrder([...found.values()]);
};

/** What is too large for AWS shows once it is built, and only what fits can be built. */
const findingsIn = (input: CheckInput): readonly Finding[] => {
  const findings = checkApplication(input);
  if (findings.length > 0) return findings;
  return templateLimits(buildTemplate({ ...input, version: 'VERSION', hash: sha256 }).template);
};
