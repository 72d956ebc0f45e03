import type { Arguments, Syntax } from './arguments.ts';
import type { Output } from './output.ts';

/** One word of the command line. */
export interface Command extends Syntax {
  /**
   * Gives the exit code.
   * @throws Complaint when the person at the keyboard can put it right
   */
  run(given: Arguments, output: Output): Promise<number>;
}
