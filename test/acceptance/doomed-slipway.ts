import { flushCompileCache } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSlipway } from '../../bin/local/start-slipway.ts';
import { workingClone } from '../../bin/local/working-clone.ts';
import { isEnded } from '../../functions/domain/deployment/deployment.ts';
import { leapingClock } from '../../infra/local/clock.ts';
import { noteGrants } from '../support/used-grants.ts';

// Runs as a process of its own that its test kills: starts Slipway on a folder, pushes a release if one is named, and
// says what becomes of the newest deployment, a line for every change.
const [directory = '', release = ''] = process.argv.slice(2);
const STALLED_MILLIS = 3000;
const clock = leapingClock();
// It is killed before Node would do so at its end: the next life need not compile again.
flushCompileCache();
const slipway = await startSlipway({ directory, clock, observeIam: noteGrants() });
if (release) {
  const clone = await workingClone(`${directory}/clones/main`, slipway.github.gitUrl('acme', 'shop'));
  await clone.pushRelease(release);
}
let said = '';
for (let saidAt = Date.now(); ; await sleep(15)) {
  const [newest] = await slipway.ports.deployments.listOfStack('dev-shop', 1);
  const steps = Object.values(newest?.steps ?? {}).map(({ name, status }) => `${name} ${status}`);
  const line = newest && `${newest.status} ${newest.version} ${steps.join(', ')}`;
  if (line && line !== said) {
    console.log(line);
    said = line;
    saidAt = Date.now();
  }
  // What was lost with an earlier life is for the sweeper, whose minute need not be waited for.
  if (newest && !isEnded(newest.status) && Date.now() - saidAt > STALLED_MILLIS) {
    await clock.advance(60_000);
    saidAt = Date.now();
  }
}
