import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Whether this machine says how much memory a process has for itself. */
export const canMeasureMemory = (): boolean => existsSync('/proc/self/smaps_rollup');

/**
 * Proportional set sizes of a process and everything below it, in bytes: shared pages count once. Linux only. What ends
 * while it is read, or belongs to somebody else, counts as nothing.
 */
export const treePss = (root: number): number =>
  treeOf(root)
    .map(pssOf)
    .reduce((sum, bytes) => sum + bytes, 0);

const treeOf = (root: number): readonly number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): readonly number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
};

/** The command's name stands in brackets and may hold anything. */
const parentOf = (pid: string): number | undefined => {
  const stat = read(`/proc/${pid}/stat`);
  const [, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return parent === undefined ? undefined : Number(parent);
};

const pssOf = (pid: number): number => {
  const [, kilobytes = '0'] = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '') ?? [];
  return Number(kilobytes) * 1024;
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
