import type { Arguments, Syntax } from './arguments.ts';
import type { Output } from './output.ts';

/** One word of the command line. */
export interface Command extends Syntax {
  /** Exit code when it could not do its work; 1, unless 1 is an answer of this command. */
  readonly trouble?: 2;
  /**
   * Gives the exit code.
   * @throws Complaint when the person at the keyboard can put it right
   */
  run(given: Arguments, output: Output): Promise<number>;
}
