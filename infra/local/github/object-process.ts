import { type ChildProcess, spawn } from 'node:child_process';
import { gitEnvironment } from './git.ts';

export interface FoundObject {
  readonly sha: string;
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly size: number;
  /** Empty where only facts were asked for. */
  readonly content: Buffer;
}

export interface ObjectProcess {
  /** What a name stands for; undefined when there is no such object. The name holds no line break. */
  ask(name: string): Promise<FoundObject | undefined>;
  stop(): void;
}

interface Question {
  readonly answered: (object: FoundObject | undefined) => void;
  readonly failed: (error: Error) => void;
}

/**
 * One `git cat-file` for all questions about a repository's objects, started with the first of them: a process for each
 * question costs more than all else that a request does. It ends with whoever asks.
 */
export const objectProcess = (directory: string, kind: 'contents' | 'facts'): ObjectProcess => {
  const option = kind === 'contents' ? '--batch' : '--batch-check';
  let child: ChildProcess | undefined;
  let open: Question[] = [];

  const start = () => {
    const started = spawn('git', ['cat-file', option], {
      cwd: directory,
      env: gitEnvironment(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const questions = open;
    const over = (why: string) => {
      if (child === started) child = undefined;
      for (const { failed } of questions.splice(0)) failed(new Error(`git cat-file in ${directory} ${why}`));
    };
    started.on('error', (error) => over(`did not start: ${error.message}`));
    started.on('exit', (code, signal) => over(`ended with ${code ?? signal}`));
    started.stdin.on('error', () => undefined); // its end says why
    started.stdout.on('data', answersTo(questions, kind === 'contents'));
    return started;
  };

  return {
    ask: (name) => {
      if (!child) {
        open = [];
        child = start();
      }
      return new Promise((answered, failed) => {
        open.push({ answered, failed });
        child?.stdin?.write(`${name}\n`);
      });
    },
    stop: () => {
      child?.kill();
    },
  };
};

/** Takes git's answers apart: `{sha} {type} {size}`, then with contents so many bytes and a line break; or `{name} missing`. */
const answersTo = (questions: Question[], hasContent: boolean) => {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let answer = firstAnswer(rest, hasContent); answer; answer = firstAnswer(rest, hasContent)) {
      rest = rest.subarray(answer.length);
      questions.shift()?.answered(answer.object);
    }
  };
};

/** What stands first in git's output, and how many bytes it takes there; undefined while it is incomplete. */
const firstAnswer = (output: Buffer, hasContent: boolean) => {
  const end = output.indexOf('\n');
  if (end < 0) return;
  const [, sha, type, digits] = HEADER.exec(output.toString('utf8', 0, end)) ?? [];
  const start = end + 1;
  if (!sha) return { object: undefined, length: start };
  const size = Number(digits);
  const stop = hasContent ? start + size : start;
  if (hasContent && output.length <= stop) return;
  const object = { sha, type: type as FoundObject['type'], size, content: Buffer.from(output.subarray(start, stop)) };
  return { object, length: hasContent ? stop + 1 : stop };
};

const HEADER = /^([0-9a-f]{40}) (commit|tree|blob|tag) (\d+)$/;
