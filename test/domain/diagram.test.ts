import { expect, test } from '@jest/globals';
import { deploymentStatuses } from '../../functions/domain/deployment/transitions.ts';
import { deploymentDiagram, stackDiagram } from '../../functions/domain/diagram.ts';
import { stackStatuses } from '../../functions/domain/stack/transitions.ts';
import { deploymentCells } from '../support/deployment-matrix.ts';
import { stackCells } from '../support/stack-matrix.ts';

const lines = (diagram: string) => diagram.split('\n').map((line) => line.trim());

test('the stack diagram is that of the seed, with the way back from BROKEN', () => {
  expect(lines(stackDiagram())).toEqual(
    expect.arrayContaining([
      'stateDiagram-v2',
      '[*] --> CREATING : Triggered',
      'state stable <<choice>>',
      'STABLE --> stable',
      'stable --> AVAILABLE : nothing queued',
      'stable --> MIGRATING : pops from queue',
      'AVAILABLE --> MIGRATING : Triggered',
      'BROKEN --> MIGRATING : Triggered (fixes forward)',
      'BROKEN --> STABLE : Resumed',
      'class STABLE auto',
      'class BROKEN failed',
    ]),
  );
  for (const status of stackStatuses) expect(stackDiagram()).toContain(status);
});

test('every cell of a table stands on its arrow, and no arrow stands without a cell', () => {
  const stack = stackCells()
    .filter(({ to }) => to)
    .map(({ from, to }) => `${from} --> ${to}`);
  const deployment = deploymentCells().flatMap(({ deployment: each, to }) => (to ? [`${each?.status} --> ${to}`] : []));
  const arrows = (diagram: string) => lines(diagram).flatMap((line) => /^([A-Z]+ --> [A-Z]+) :/.exec(line)?.[1] ?? []);
  expect(new Set(arrows(stackDiagram()))).toEqual(new Set(stack.filter((arrow) => !arrow.startsWith('NONE'))));
  expect(new Set(arrows(deploymentDiagram()))).toEqual(new Set(deployment));
});

test('the deployment diagram ends where nothing moves a deployment any more', () => {
  const ends = lines(deploymentDiagram()).filter((line) => line.endsWith('--> [*]'));
  expect(ends).toHaveLength(5);
  for (const status of deploymentStatuses) expect(deploymentDiagram()).toContain(status);
});
