import { expect, test } from '@jest/globals';
import { deployment } from '../../statemachines/deployment.asl.ts';
import { mermaid } from '../../statemachines/mermaid.ts';
import { request } from '../../statemachines/request.asl.ts';
import { statesOf } from '../support/machine-states.ts';

const linesOf = (text: string) => text.split('\n').map((line) => line.trim());

test.each([
  ['deployment', deployment],
  ['request', request],
] as const)('the picture of the %s machine has every state once, under its own name', (_name, machine) => {
  const text = mermaid(machine);
  for (const { name } of statesOf(machine)) expect(text.split(`"${name}`).length).toBeGreaterThan(1);
  expect(text.match(/\bsubgraph\b/g)).toHaveLength(
    statesOf(machine).filter(({ state }) => state.Type === 'Parallel' || state.Type === 'Map').length,
  );
  expect(text.match(/^\s*subgraph\b/gm)).toHaveLength(text.match(/^\s*end$/gm)?.length ?? 0);
});

test('an arrow stands for every way on, with the answer that takes it', () => {
  expect(linesOf(mermaid(deployment))).toEqual(
    expect.arrayContaining([
      'flowchart TD',
      'Mode -->|DOWNTIME| ScaleDown',
      'Mode -->|else| Rest',
      'Start -->|startAtRest| Outlast',
      'ScaleDown --> Downtime',
      'ScaleDown -.-> Rest',
      'StackWait(["StackWait"])',
      'EvalJoin["EvalJoin"]',
      'subgraph Databases_downtime["Databases-downtime: each of databases"]',
      'PGMigrate_downtime --> PGCleanup_downtime',
    ]),
  );
});

test('what is left out takes its arrows along, and a question with one answer left is none', () => {
  const text = mermaid(deployment, {
    without: (name) => ['Outlast', 'Rest', 'WayBack'].includes(name) || /Failed/.test(name),
  });
  expect(text).not.toMatch(/\b(Outlast|Rest|WayBack)\b|Failed/);
  expect(linesOf(text)).toContain('DowntimeJoined --> ScaleUp');
  expect(linesOf(text)).toContain('Start -->|cancelUpdates| CancelUpdates');
});

test('the other kinds of rules are told by their names', () => {
  const States = {
    Ask: {
      Type: 'Choice',
      Comment: 'every kind of rule',
      Choices: [
        { Variable: '$.a.ready', BooleanEquals: false, Next: 'Yes' },
        { Variable: '$.a.image', IsPresent: true, Next: 'Yes' },
        { Variable: '$.a.image', IsPresent: false, Next: 'Yes' },
        { And: [{ Variable: '$.x', StringEquals: 'X' }, { Not: { Variable: '$.y', StringEquals: 'Y' } }], Next: 'Yes' },
        {
          Or: [
            { Variable: '$.x', StringEquals: 'X' },
            { Variable: '$.b', BooleanEquals: true },
          ],
          Next: 'Yes',
        },
      ],
      Default: 'Yes',
    },
    Yes: { Type: 'Succeed', Comment: 'the end' },
  } as const;
  expect(linesOf(mermaid({ Comment: '', StartAt: 'Ask', TimeoutSeconds: 1, States })).slice(3)).toEqual([
    'Ask -->|not ready| Yes',
    'Ask -->|has image| Yes',
    'Ask -->|no image| Yes',
    'Ask -->|X and not Y| Yes',
    'Ask -->|X or b| Yes',
    'Ask -->|else| Yes',
  ]);
});

test('a rule that only wants to be asked goes without saying beside the question', () => {
  expect(linesOf(mermaid(request))).toContain('Built -->|BUILT and preview| PreviewPlan');
});
