/** An entry as a tree object holds it. */
export interface RawTreeEntry {
  readonly mode: string;
  readonly type: 'commit' | 'tree' | 'blob';
  readonly sha: string;
  readonly name: string;
}

/** Entries of a tree object, in git's order: `{mode} {name}\0` and twenty bytes of SHA each. */
export const entriesOf = (tree: Buffer): RawTreeEntry[] => {
  const entries: RawTreeEntry[] = [];
  for (let at = 0; at < tree.length; ) {
    const space = tree.indexOf(0x20, at);
    const zero = tree.indexOf(0, space);
    const mode = tree.toString('latin1', at, space).padStart(6, '0');
    const name = tree.toString('utf8', space + 1, zero);
    entries.push({ mode, type: typeOf(mode), sha: tree.toString('hex', zero + 1, zero + 21), name });
    at = zero + 21;
  }
  return entries;
};

/** By the mode's kind of file: https://git-scm.com/docs/index-format */
const typeOf = (mode: string): RawTreeEntry['type'] =>
  mode.startsWith('04') ? 'tree' : mode.startsWith('16') ? 'commit' : 'blob';
