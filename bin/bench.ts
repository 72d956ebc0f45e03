import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureDowntime } from './bench/downtime.ts';
import { figureLines } from './bench/figure.ts';
import { mainJobFigures } from './bench/main-job.ts';
import { webhookFigures } from './bench/webhook.ts';

// `npm run bench`: figures, each beside its limit. Times depend on the machine, so no test holds them.
const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
try {
  console.log(`Node ${process.version}, ${cpus().length} CPUs; latencies of the embedded cloud are zero\n`);
  const webhook = webhookFigures();
  const mainJob = await mainJobFigures(directory);
  const { figures, calls } = await measureDowntime(directory);
  for (const line of figureLines([...webhook, ...mainJob, ...figures])) console.log(line);
  console.log('\nAWS calls of the functions during that DOWNTIME:');
  for (const [kind, count] of calls) console.log(`${String(count).padStart(5)}  ${kind}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
