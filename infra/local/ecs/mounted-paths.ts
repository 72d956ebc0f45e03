import { posix } from 'node:path';

/** A path of a container, and the folder on this machine that it means. */
export interface Mount {
  readonly path: string;
  readonly folder: string;
}

/**
 * A text of a container's environment with the folders of what it mounts. A mounted path counts where a path can begin,
 * as a whole or as the beginning of a longer one, also inside connection strings and URLs, percent-encoded as well
 * (`host=/sockets/postgres`, `unix:///sockets/x`, `?host=%2Fsockets%2Fpostgres`); `/data/sockets`, `/sockets-old` and the
 * path of `https://example.com/sockets` are something else.
 */
export const withFolders = (text: string, mounts: readonly Mount[]): string => {
  const folders = new Map(mounts.map(({ path, folder }) => [trimmed(path), folder]));
  folders.delete('/');
  if (folders.size === 0) return text;
  const longestFirst = [...folders.keys()].sort((a, b) => b.length - a.length);
  const plain = longestFirst.map(literal).join('|');
  const encoded = longestFirst.map(encodedLiteral).join('|');
  const pattern = `${BEGINS}(${plain})(?![\\w.~%-])|${BEGINS_ENCODED}(${encoded})(?![\\w.~-]|%(?!2[Ff]))`;
  return text.replace(new RegExp(pattern, 'g'), (_all, path?: string, code?: string) => {
    const folder = folders.get(path ?? decodeURIComponent(code ?? '')) ?? '';
    return path === undefined ? encodeURIComponent(folder) : folder;
  });
};

/** Not within another path or behind a host, user or bracket; but behind `unix://`. */
const BEGINS = '(?:(?<=://)|(?<![\\w.~%@/)\\]}-]))';

/** In a URL also where the host stands, alone or behind a user. */
const BEGINS_ENCODED = '(?:(?<=://)|(?<![\\w.~%/-]))';

const trimmed = (path: string) => posix.join('/', path).replace(/(?<=.)\/$/, '');

const literal = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** In both spellings of an escaped slash. */
const encodedLiteral = (path: string) => encodeURIComponent(path).split('%2F').map(literal).join('%2[Ff]');
