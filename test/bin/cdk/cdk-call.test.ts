import { expect, test } from '@jest/globals';
import { cdkCallFrom } from '../../../bin/cdk/cdk-call.ts';
import type { StageEntry } from '../../../infra/aws/stage.ts';

const entries: Readonly<Record<string, StageEntry>> = {
  development: { account: '111111111111', region: 'eu-central-1', retain: false },
  production: { account: '222222222222', region: 'eu-central-1', retain: true },
};

const call = (line: string, environment: Readonly<Record<string, string>> = {}) => {
  const found = cdkCallFrom(line.split(' ').filter(Boolean), environment, { ...entries, example: example() });
  return found.kind === 'call' ? found.words.join(' ') : found.message;
};
const example = (): StageEntry => ({ account: '000000000000', region: 'eu-west-1', retain: false });

test.each([
  ['deploy --stage production', 'deploy --context stage=production --all'],
  ['deploy --stage=production', 'deploy --context stage=production --all'],
  ['diff --stage development', 'diff --context stage=development'],
  [
    'deploy --require-approval never --stage development --concurrency 4',
    'deploy --context stage=development --all --require-approval never --concurrency 4',
  ],
  ['deploy --stage production slipway', 'deploy --context stage=production slipway'],
  ['synth', 'synth --context stage=example --quiet'],
  ['destroy --stage development --confirm development', 'destroy --context stage=development --all --force'],
])('npm run %s is cdk %s', (line, words) => {
  expect(call(line)).toBe(words);
});

test('the stage may stand in the environment, and the one that is written wins', () => {
  expect(call('deploy', { SLIPWAY_STAGE: 'production' })).toContain('stage=production');
  expect(call('deploy --stage development', { SLIPWAY_STAGE: 'production' })).toContain('stage=development');
});

test('nothing that changes an account happens to a stage that nobody named', () => {
  for (const verb of ['diff', 'deploy', 'destroy'])
    expect(call(verb)).toBe(
      `Which stage? Say npm run ${verb} -- --stage NAME, or set SLIPWAY_STAGE; known in infra/aws/stages.ts: development, production, example. Nothing was done.`,
    );
});

test('a stage that is not there is answered with the known ones', () => {
  expect(call('deploy --stage prod')).toBe(
    'There is no stage "prod" in infra/aws/stages.ts. Known: development, production, example.',
  );
});

test('what would be destroyed is said first, and has to be confirmed by its name', () => {
  expect(call('destroy --stage production')).toMatch(
    /tables and documents would stay behind[\s\S]*npm run destroy -- --stage production --confirm production\.$/,
  );
  expect(call('destroy --stage development --confirm production')).toMatch(
    /would be gone: development is not retained/,
  );
});

test('a single stack is not destroyed with the documents of the whole stage', () => {
  expect(call('destroy --stage development --confirm development slipway-cluster-main')).toMatch(
    /deletes a whole stage, documents included\. Nothing was done/,
  );
});
