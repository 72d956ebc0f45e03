import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sample } from './sample.ts';
import type { Telling } from './story.ts';

const TELL = fileURLToPath(new URL('./tell.ts', import.meta.url));

/** Stories by virtual time, a process each and as many at a time as there are processors; in the order asked for. */
export const tellAll = async (
  directory: string,
  tellings: readonly Telling[],
): Promise<readonly (readonly Sample[])[]> => {
  const told: (readonly Sample[])[] = [];
  const left = tellings.map((telling, index) => ({ telling, index }));
  const teller = async () => {
    for (let next = left.shift(); next; next = left.shift())
      told[next.index] = await tell(join(directory, `story-${next.index}`), next.telling);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, teller));
  return told;
};

const tell = (directory: string, telling: Telling): Promise<readonly Sample[]> =>
  new Promise((resolve, reject) => {
    const child = fork(TELL, [directory, JSON.stringify(telling)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let samples: readonly Sample[] | undefined;
    let errors = '';
    child.on('message', (message) => {
      samples = message as readonly Sample[];
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      samples ? resolve(samples) : reject(new Error(`A story ended with ${code}: ${errors.slice(-2000)}`)),
    );
  });
