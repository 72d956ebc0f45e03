import type { ConfigurationFile } from '../domain/configuration/configuration-error.ts';
import type { Request, RequestTarget } from '../domain/request.ts';
import type { Ports } from '../ports.ts';

/** Where an application file may stand; the first that exists wins, as with the original deployer. */
const KNOWN_PATHS = ['ext/o5/app.yaml', 'ext/o5/app.yml', 'o5.yaml', 'o5.yml'];

/** The application file at a commit; undefined when there is none. */
export const findApplicationFile = async (
  { source }: Pick<Ports, 'source'>,
  { repository, inline }: Request,
  { application }: RequestTarget,
  commit: string,
): Promise<ConfigurationFile | undefined> => {
  if (inline !== undefined) return { path: 'inline.yaml', text: inline };
  if (!repository) return undefined;
  for (const path of application ? [application] : KNOWN_PATHS) {
    const file = await source.findFile(repository, commit, path);
    if (file) return { path: file.path, text: file.content };
  }
  return undefined;
};
