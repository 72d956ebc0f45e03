import { mkdirSync, rmSync } from 'node:fs';
import { tellStory } from './story.ts';

// One story in a process of its own, which the bench forks: it is told what to tell as JSON, and sends its samples.
const [directory = '', telling = '{}'] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
try {
  const samples = await tellStory(directory, JSON.parse(telling));
  if (process.send) await new Promise((resolve) => process.send?.(samples, resolve));
  else console.log(JSON.stringify(samples, undefined, 2));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exit();
