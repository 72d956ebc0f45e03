import { leapingClock } from '../../../../infra/local/clock.ts';
import { machine, openCloud, task, waitingTask } from './cloud.ts';

/** A process that begins an execution, tells of it, and waits to be killed. */
const [, , file = ''] = process.argv;
const rescued = { Catch: [{ ErrorEquals: ['Lambda.SdkClientException'], Next: 'Rescued' }], End: true };
const branches = [
  machine({ A: waitingTask('keep') }),
  machine({
    B: { Type: 'Wait', Seconds: 3600, Next: 'Waited' },
    Waited: { Type: 'Pass', Result: 'waited', End: true },
  }),
  machine({ C: task('never', rescued), Rescued: { Type: 'Pass', Result: 'rescued', End: true } }),
];
let tell = (_token: string) => {};
const token = new Promise<string>((resolve) => {
  tell = resolve;
});
const cloud = await openCloud({
  file,
  clock: leapingClock(),
  functions: { keep: ({ token: given }: { token: string }) => tell(given), never: () => new Promise(() => {}) },
});
const arn = await cloud.run(machine({ All: { Type: 'Parallel', Branches: branches, End: true } }));
const kept = await token;
await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
process.stdout.write(JSON.stringify({ arn, token: kept }));
setInterval(() => {}, 1000);
