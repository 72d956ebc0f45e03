import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { buildFigures } from './bench/build.ts';
import { measureDowntime } from './bench/downtime.ts';
import { figureLines } from './bench/figure.ts';
import { functionFigures } from './bench/functions.ts';
import { mainJobFigures } from './bench/main-job.ts';
import { measureQueue } from './bench/queue.ts';
import { templateFigures } from './bench/template.ts';
import { measureOrchestration } from './bench/virtual/orchestration.ts';
import { COUNTED_UNITS } from './costs/counted-units.ts';
import { ROOT } from './local/synthesise.ts';

// `npm run bench`: figures, each beside its limit; docs/bench.md says how to read them. Times depend on the machine, so
// no test holds them. `-- --record` keeps what each mode used for docs/costs.md. Below the repository, because the example finds its packages by walking up.
const parent = join(ROOT, '.slipway');
mkdirSync(parent, { recursive: true });
const directory = mkdtempSync(join(parent, 'bench-'));
try {
  console.log(`Node ${process.version}, ${cpus().length} CPUs\n`);
  console.log('By the time of this machine, latencies of the embedded cloud being zero:');
  const build = await buildFigures(directory);
  const functions = functionFigures();
  const mainJob = await mainJobFigures(directory);
  const { figures, calls } = await measureDowntime(directory);
  for (const line of figureLines([...mainJob, ...figures, ...build, ...templateFigures(), ...functions]))
    console.log(line);
  console.log('\nThe queue, on tables in memory:');
  for (const line of figureLines(await measureQueue())) console.log(line);
  console.log('\nBy virtual time, in which computing takes none and AWS what bin/bench/virtual/latency-table.ts says:');
  const orchestration = await measureOrchestration(directory);
  for (const line of figureLines(orchestration.figures)) console.log(line);
  for (const [mode, states] of orchestration.overheads) {
    console.log(`\nSeconds of a ${mode} beyond AWS's own work, by state (median; branches run side by side):`);
    for (const [state, seconds] of states) console.log(`${seconds.toFixed(2).padStart(6)}  ${state}`);
  }
  if (process.argv.includes('--record'))
    writeFileSync(COUNTED_UNITS, `${JSON.stringify(orchestration.units, undefined, 2)}\n`);
  console.log('\nAWS calls of the functions during a DOWNTIME:');
  for (const [kind, count] of calls) console.log(`${String(count).padStart(5)}  ${kind}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
