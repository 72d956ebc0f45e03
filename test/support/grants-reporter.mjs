import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../bin/local/is-alive.ts';
import { GRANTS_FOLDER, notedGrants } from './used-grants.ts';

/** Rights proven by use: after a full run, docs/decisions/0026-rights-are-proven-by-use.md. Of other runs it says nothing. */
export default class GrantsReporter {
  constructor({ rootDir, testPathPatterns, testNamePattern, onlyChanged, runTestsByPath, shard }) {
    const isPart = testPathPatterns.patterns.length > 0 || testNamePattern || onlyChanged || runTestsByPath || shard;
    this.isFull = !isPart;
    this.parent = join(rootDir, '.slipway/grants');
    this.folder = join(this.parent, String(process.pid));
  }

  // Before any worker starts: they inherit the variable.
  onRunStart() {
    if (!this.isFull) return;
    forgetKilledRuns(this.parent);
    mkdirSync(this.folder, { recursive: true });
    process.env[GRANTS_FOLDER] = this.folder;
  }

  async onRunComplete(_contexts, { numFailedTests, numRuntimeErrorTestSuites, wasInterrupted }) {
    if (!this.isFull) return;
    const noted = notedGrants(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
    // A story that failed has not used what it would have.
    if (numFailedTests + numRuntimeErrorTestSuites > 0 || wasInterrupted) return;
    const faults = await judged(noted);
    if (faults.length === 0) return;
    this.error = new Error(faults.join('\n'));
    process.stderr.write(`\nRights are not those that are used:\n${faults.map((fault) => `- ${fault}`).join('\n')}\n`);
  }

  getLastError() {
    return this.error;
  }
}

/** The templates are looked at when they are needed: most runs are of a few tests. */
const judged = async (noted) => {
  const [{ everyGrant }, { judgeGrants }, { impliedActions, expectedRefusals }] = await Promise.all([
    import('./every-grant.ts'),
    import('./judge-grants.ts'),
    import('../infra/implied-actions.ts'),
  ]);
  return judgeGrants(everyGrant(), noted, { implied: impliedActions, refusals: expectedRefusals });
};

const forgetKilledRuns = (parent) => {
  for (const pid of existsSync(parent) ? readdirSync(parent) : [])
    if (!isAlive(Number(pid))) rmSync(join(parent, pid), { recursive: true, force: true });
};
