import { applicationSchema } from '../domain/application/application.ts';
import { canonical } from '../domain/canonical.ts';
import { type ConfigurationError, describeError } from '../domain/configuration/configuration-error.ts';
import type { Draft } from '../domain/draft.ts';
import { checkApplication } from '../domain/environment/check.ts';
import { clusterSilence } from '../domain/environment/check-answer.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Request, RequestTarget } from '../domain/request.ts';
import { shortText } from '../domain/short-text.ts';
import { buildTemplate } from '../domain/template/build-template.ts';
import { templateLimits } from '../domain/template/template-limits.ts';
import type { Ports } from '../ports.ts';
import { findApplicationFile } from './find-application-file.ts';
import { knownDatabases } from './known-databases.ts';
import { readMigrations } from './read-migrations.ts';
import { type RejectPorts, rejectRequest } from './reject-request.ts';

export type BuildPorts = RejectPorts &
  Pick<Ports, 'source' | 'documents' | 'configuration' | 'databases' | 'hash' | 'readConfiguration'>;

export type BuiltAnswer =
  | { readonly outcome: 'BUILT'; readonly reason: string; readonly draft: string; readonly application: string }
  | { readonly outcome: 'NONE' | 'REJECTED'; readonly reason: string };

/**
 * Reads the application and its migrations at the commit and builds everything of the release but its digests. A
 * refused configuration is shown on the commit, all of its errors at once; nothing is accepted.
 */
export const buildRelease = async (
  ports: BuildPorts,
  { request, target }: { readonly request: Request; readonly target: RequestTarget },
): Promise<BuiltAnswer> => {
  const environment = await ports.configuration.findEnvironment(target.environment);
  const cluster = environment && (await ports.configuration.findCluster(environment.clusterName));
  let commit = request.commit;
  const refuse = (message: string, errors: readonly ConfigurationError[] = [], code = 'ConfigurationRefused') =>
    reject(ports, { ...request, ...(commit && { commit }) }, target, { code, message, errors });
  if (!environment || !cluster)
    return refuse(
      `Environment ${target.environment} is not configured${environment ? `: its cluster ${environment.clusterName} is missing` : ''}`,
    );
  const silence = clusterSilence(environment, cluster);
  if (silence) return refuse(silence, [], 'ClusterSilent');
  try {
    const version = await versionOf(ports, request);
    if (!version) return refuse(`${request.ref} does not exist in the repository`);
    if (request.repository) commit = version;
    const file = await findApplicationFile(ports, request, target, version);
    if (!file) return { outcome: 'NONE', reason: 'The commit holds no application file' };
    const read = ports.readConfiguration(applicationSchema, file);
    if (read.kind === 'invalid') return refuse('The application file is not valid', read.errors);
    const others = await knownDatabases(ports, read.value, environment);
    const destroys = request.strategy === 'destroy-database';
    const findings = checkApplication({ application: read.value, environment, cluster, others, destroys });
    if (findings.length > 0)
      return refuse(`The application file does not fit ${environment.fullName}`, findings.map(read.locate));
    const built = buildTemplate({ application: read.value, environment, cluster, version, hash: ports.hash });
    const tooLarge = templateLimits(built.template);
    if (tooLarge.length > 0) return refuse('The application is larger than AWS takes', tooLarge.map(read.locate));
    const migrations = await readMigrations(ports, request, version, built.databases);
    const draft = await keepDraft(ports, {
      environment: environment.fullName,
      application: read.value.name,
      version,
      built,
      migrations,
      warnings: read.warnings.map(describeError),
    });
    return { outcome: 'BUILT', reason: file.path, draft, application: read.value.name };
  } catch (error) {
    if (error instanceof StepFailure) return refuse(error.reason.message);
    throw error;
  }
};

/** Stored under its content: a repeated request finds it again. */
const keepDraft = async ({ documents, hash }: Pick<Ports, 'documents' | 'hash'>, draft: Draft): Promise<string> => {
  const key = `drafts/${hash(canonical(draft))}.json`;
  await documents.put(key, draft, { byContent: true });
  return key;
};

/** The commit of a request; one by hand may name a branch or tag instead. */
const versionOf = async ({ source }: Pick<Ports, 'source'>, { commit, repository, ref, inline, id }: Request) => {
  if (commit) return commit;
  if (inline !== undefined) return id;
  return repository && ref ? source.head(repository, ref) : undefined;
};

/** Every error at once, for as many targets as a push may have: they are answered together. */
const LONGEST_REASON = 8_000;

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly errors: readonly ConfigurationError[];
}

const reject = async (
  ports: RejectPorts,
  request: Request,
  target: RequestTarget,
  { code, message, errors }: Refusal,
): Promise<BuiltAnswer> => {
  const reason = shortText([message, ...errors.map(describeError)].join('\n'), LONGEST_REASON);
  // Whoever only asks is told; the commit is not marked, and nothing is recorded.
  if (request.preview) return { outcome: 'REJECTED', reason };
  await rejectRequest(ports, {
    request,
    target,
    failure: { Error: code, Cause: reason },
    annotations: errors.map(({ path, line, column, keyPath, message: what, nearest }) => ({
      path,
      line,
      column,
      message: `${keyPath}: ${what}${nearest ? ` (did you mean "${nearest}"?)` : ''}`,
    })),
  });
  return { outcome: 'REJECTED', reason };
};
