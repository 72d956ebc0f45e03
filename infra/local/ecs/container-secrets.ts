import type { ContainerDefinition } from './ecs-records.ts';

/** Reads a secret's value, or the value under a key of its JSON; undefined when there is none. */
export type ReadSecret = (arnOrId: string, jsonKey?: string) => string | undefined;

export type Secrets =
  | { readonly kind: 'read'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'missing'; readonly reason: string };

/** Why the task's execution role may not read a secret, in AWS's words. */
export type SecretRefusal = (arnOrId: string) => string | undefined;

/** The secrets of a container as environment variables, or why the agent could not pull one. */
export const secretsOf = (
  { secrets = [] }: ContainerDefinition,
  readSecret: ReadSecret,
  refusalOf: SecretRefusal = () => undefined,
): Secrets => {
  const values: Record<string, string> = {};
  for (const { name, valueFrom } of secrets) {
    const { id, jsonKey, version } = secretReferenceFrom(valueFrom);
    const refused = refusalOf(id);
    if (refused !== undefined)
      return { kind: 'missing', reason: `${PREFIX}failed to fetch secret ${id} from secrets manager: ${refused}` };
    const value = version ? undefined : readSecret(id, jsonKey);
    if (value === undefined)
      return { kind: 'missing', reason: `${PREFIX}${whyMissing(id, jsonKey, version, readSecret)}` };
    values[name] = value;
  }
  return { kind: 'read', values };
};

const PREFIX =
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): ';

const whyMissing = (id: string, jsonKey: string | undefined, version: string | undefined, readSecret: ReadSecret) => {
  if (version) return `the embedded cloud reads current versions only, not ${version} of ${id}`;
  if (jsonKey && readSecret(id) !== undefined)
    return `retrieved secret from Secrets Manager did not contain json key ${jsonKey}`;
  return `failed to fetch secret ${id} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`;
};

/** `arn:aws:secretsmanager:region:account:secret:name[:json-key[:version-stage[:version-id]]]`, or a plain name. */
const secretReferenceFrom = (valueFrom: string) => {
  if (!valueFrom.startsWith('arn:')) return { id: valueFrom, jsonKey: undefined, version: undefined };
  const parts = valueFrom.split(':');
  const [jsonKey, stage, versionId] = parts.slice(7);
  const version = versionId || (stage === 'AWSCURRENT' ? '' : stage);
  return { id: parts.slice(0, 7).join(':'), jsonKey: jsonKey || undefined, version: version || undefined };
};
