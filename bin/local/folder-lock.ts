import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Complaint } from '../complaint.ts';
import { messageOf } from '../message-of.ts';

const LOCK = 'lock';
const HOLDER = 'pid';

export const LOCK_FILES: readonly string[] = [LOCK, `${LOCK}-journal`, HOLDER];

/**
 * Keeps every other process out of a state folder until this one lets go, however it ends: the lock is the operating
 * system's own, so a killed process leaves none behind.
 * @throws Complaint when another process has it
 */
export const lockFolder = (directory: string): (() => void) => {
  const database = opened(join(directory, LOCK), directory);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw complaintOf(error, directory);
  }
  writeFileSync(join(directory, HOLDER), String(process.pid));
  held.add(database);
  return () => {
    held.delete(database);
    database.close();
  };
};

/** A connection that nobody names any more is closed by the collector of garbage, and its lock with it. */
const held = new Set<DatabaseSync>();

const opened = (file: string, directory: string): DatabaseSync => {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw complaintOf(error, directory);
  }
};

const complaintOf = (error: unknown, directory: string): Complaint => {
  const message = messageOf(error);
  if (!message.includes('locked'))
    return new Complaint(
      `${directory} cannot be written (${message}): use it as the user it belongs to, or name another folder with --directory.`,
      { cause: error },
    );
  const file = join(directory, HOLDER);
  const holder = existsSync(file) ? ` (process ${readFileSync(file, 'utf8')})` : '';
  return new Complaint(
    `Another Slipway${holder} runs on ${directory}: stop it with Ctrl-C, or name another folder with --directory.`,
    { cause: error },
  );
};
