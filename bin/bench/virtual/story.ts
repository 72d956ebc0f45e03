import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { RELEASES, type WorkingClone } from '../../local/working-clone.ts';
import { type Sample, sampleFrom } from './sample.ts';
import { seededLatencies } from './seeded-latencies.ts';
import { startVirtualSlipway, type VirtualSlipway } from './virtual-slipway.ts';

/** Which latencies a story is told with. */
export interface Telling {
  readonly seed: string;
  readonly stretch: number;
  readonly isCold: boolean;
  /** Names of chapters; those in which nothing goes wrong when left out. */
  readonly only?: readonly string[];
}

interface Chapter {
  readonly name: string;
  /** The mode that the plan has to choose. */
  readonly mode: string;
  readonly push: (clone: WorkingClone) => Promise<string>;
  /** What goes wrong meanwhile. */
  readonly fault?: (slipway: VirtualSlipway) => () => void;
}

const release =
  (name: string) =>
  (clone: WorkingClone): Promise<string> =>
    clone.pushRelease(name);

/** The last release, in an application that asks to be deployed unevaluated. */
const quickly = async (clone: WorkingClone): Promise<string> => {
  cpSync(join(RELEASES, '08-reviews/db'), join(clone.directory, 'db'), { recursive: true });
  appendFileSync(join(clone.directory, 'ext/o5/app.yaml'), '\ndeploymentConfig:\n  quickMode: true\n');
  await clone.git('add', '--all');
  await clone.git('commit', '--quiet', '--message', 'Reviews, quickly');
  return clone.push();
};

/** Another version and nothing else. */
const another = async (clone: WorkingClone): Promise<string> => {
  appendFileSync(join(clone.directory, 'server.js'), '// another version\n');
  await clone.git('commit', '--quiet', '--all', '--message', 'Another version');
  return clone.push();
};

const plain: readonly Chapter[] = [
  { name: 'first release', mode: 'BEFORE', push: release('01-first-release') },
  { name: 'NOP', mode: 'NOP', push: release('02-new-greeting') },
  { name: 'PARALLEL', mode: 'PARALLEL', push: release('03-faster-search') },
  { name: 'BEFORE', mode: 'BEFORE', push: release('04-discounts') },
  { name: 'DOWNTIME', mode: 'DOWNTIME', push: release('05-large-prices') },
  { name: 'AFTER', mode: 'AFTER', push: release('06-drop-note') },
  { name: 'quick', mode: 'quick', push: quickly },
];

const faulty: readonly Chapter[] = [
  {
    name: 'events lost',
    mode: 'NOP',
    push: another,
    fault: ({ cloud }) =>
      cloud.events.inject({ kind: 'drop', matches: ({ event }) => /^aws\.(cloudformation|ecs)$/.test(event.source) }),
  },
  { name: 'function killed', mode: 'NOP', push: another, fault: ({ loseAnswer }) => loseAnswer('version-migrate') },
];

/** Names of the chapters in which nothing goes wrong, one for each mode. */
export const plainChapters: readonly string[] = plain.map(({ name }) => name);

/** The example's releases, a mode each, on an embedded cloud of their own. */
export const tellStory = async (
  directory: string,
  { seed, stretch, isCold, only }: Telling,
): Promise<readonly Sample[]> => {
  const slipway = await startVirtualSlipway({ directory, draw: seededLatencies({ seed, stretch }), isCold });
  try {
    const samples: Sample[] = [];
    for (const chapter of [...plain, ...faulty].filter(({ name }) => (only ?? plainChapters).includes(name)))
      samples.push(await sampleOf(slipway, chapter, seed));
    return samples;
  } finally {
    await slipway.stop();
  }
};

const sampleOf = async (slipway: VirtualSlipway, chapter: Chapter, seed: string): Promise<Sample> => {
  const { name, mode, push, fault } = chapter;
  const end = fault?.(slipway);
  const deployed = await slipway.deploy(() => push(slipway.clone));
  end?.();
  const { plan, strategy } = deployed.deployment;
  const found = plan?.mode ?? strategy;
  if (found !== mode) throw new Error(`The chapter ${name} was deployed as ${found}, not as ${mode}`);
  return sampleFrom(name, deployed, `${seed} ${name}`);
};
