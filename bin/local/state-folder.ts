import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { Complaint } from '../complaint.ts';
import { messageOf } from '../message-of.ts';
import { LOCK_FILES, lockFolder } from './folder-lock.ts';
import { stopLeftovers } from './leftovers.ts';

/** Rises when a newer Slipway can no longer go on with what an older one kept. */
export const FORMAT = 1;

const MARK = 'slipway.json';
/** What the repository's own tests and checks keep in the same place. */
const NEIGHBOURS = ['tests', 'ci', 'grants'];
/** Paths stand in what the cloud keeps, so a folder that was moved or copied is of no use. */
const markSchema = z.object({ format: z.int(), directory: z.string() });

export interface StateFolder {
  readonly directory: string;
  /** False when it was made just now, or emptied. */
  readonly isResumed: boolean;
  release(): void;
}

export type Found = { readonly kind: 'new' | 'ours' | 'foreign' } | { readonly kind: 'unusable'; readonly why: string };

/**
 * Takes a state folder for this process alone: makes it, resumes it or, with `fresh`, forgets what is in it. A folder
 * without our mark is never touched.
 * @throws Complaint that says the way out
 */
export const openStateFolder = async (wanted: string, fresh: boolean): Promise<StateFolder> => {
  const directory = made(wanted);
  const found = findState(directory);
  if (found.kind === 'foreign')
    throw new Complaint(
      `${directory} holds something else than Slipway's state, and was left alone: name another folder with --directory, or empty this one.`,
    );
  if (found.kind === 'unusable' && !fresh)
    throw new Complaint(
      `${directory} ${found.why}; nothing was changed. npm start -- --fresh forgets it and begins anew.`,
    );
  // Before anything else of ours is in it, or a kill in between would make it a stranger's.
  if (found.kind === 'new') writeMark(directory);
  const release = lockFolder(directory);
  if (fresh && found.kind !== 'new') {
    await forget(directory);
    writeMark(directory);
  }
  return { directory, isResumed: found.kind === 'ours' && !fresh, release };
};

/** What a folder is to us, from its mark. */
export const findState = (directory: string): Found => {
  const file = join(directory, MARK);
  if (!existsSync(file)) return { kind: contentOf(directory).length === 0 ? 'new' : 'foreign' };
  const mark = markSchema.safeParse(parsed(readFileSync(file, 'utf8')));
  if (!mark.success) return { kind: 'foreign' };
  const { format, directory: madeAt } = mark.data;
  if (format !== FORMAT) {
    const age = format < FORMAT ? 'an older' : 'a newer';
    return {
      kind: 'unusable',
      why: `was made by ${age} version of Slipway (format ${format}, this one has ${FORMAT})`,
    };
  }
  if (madeAt !== directory) return { kind: 'unusable', why: `was made as ${madeAt} and cannot be moved or copied` };
  return { kind: 'ours' };
};

const made = (wanted: string): string =>
  usable(wanted, () => {
    mkdirSync(wanted, { recursive: true });
    const directory = realpathSync(resolve(wanted));
    readdirSync(directory);
    return directory;
  });

const writeMark = (directory: string) =>
  usable(directory, () => writeFileSync(join(directory, MARK), JSON.stringify({ format: FORMAT, directory })));

const usable = <T>(directory: string, use: () => T): T => {
  try {
    return use();
  } catch (error) {
    throw new Complaint(
      `${directory} cannot be used as state folder (${messageOf(error)}): name another one with --directory.`,
      { cause: error },
    );
  }
};

/** But for neighbours, among them state folders of their own. */
const contentOf = (directory: string) =>
  readdirSync(directory).filter((name) => !NEIGHBOURS.includes(name) && !existsSync(join(directory, name, MARK)));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The lock stays: it is what keeps others out meanwhile. So does the mark, which makes the rest ours. */
const forget = async (directory: string) => {
  await stopLeftovers(directory);
  for (const name of contentOf(directory))
    if (name !== MARK && !LOCK_FILES.includes(name)) rmSync(join(directory, name), { recursive: true, force: true });
};
