import { codeOf } from '../message-of.ts';

/** Whether a process of that id exists, ours or somebody else's. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and belongs to another user.
    return codeOf(error) === 'EPERM';
  }
};
