import { parse } from 'yaml';
import type { ConfigurationFile } from '../../functions/domain/configuration/configuration-error.ts';
import { camelCase } from '../../functions/domain/configuration/normalise.ts';

/** `combined` is what `slipway apply` takes; one environment and one cluster are what stands in it. */
export type FileKind = 'application' | 'combined' | 'environment' | 'cluster';

/** Keys of which each stands in one kind of file alone, the more telling kind first. */
const tellingKeys: readonly (readonly [kind: FileKind, keys: readonly string[]])[] = [
  ['combined', ['cluster', 'environments', 'repositories']],
  ['application', ['runtimes', 'databases', 'blobstores', 'secrets', 'targets', 'deploymentConfig']],
  ['environment', ['fullName', 'clusterName', 'trustJwks', 'corsOrigins', 'vars']],
  ['cluster', ['aws']],
];

/** What a file is about, by the keys at its top: `unclear` where they do not tell, `unreadable` where it has none. */
export const fileKind = ({ text }: ConfigurationFile): FileKind | 'unclear' | 'unreadable' => {
  const keys = topKeys(text);
  if (keys.length === 0) return 'unreadable';
  return tellingKeys.find(([, telling]) => telling.some((key) => keys.includes(key)))?.[0] ?? 'unclear';
};

const topKeys = (text: string): readonly string[] => {
  try {
    const document: unknown = parse(text, { logLevel: 'silent' });
    return typeof document === 'object' && document !== null ? Object.keys(document).map(camelCase) : [];
  } catch {
    // Whoever reads it against a schema says where it goes wrong.
    return [];
  }
};
