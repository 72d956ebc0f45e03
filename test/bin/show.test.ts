import { describe, expect, test } from '@jest/globals';
import type { Output } from '../../bin/output.ts';
import { showOn } from '../../bin/show.ts';
import { plain } from '../../bin/view/paint.ts';
import { aPush, aStep } from './view/records.ts';

const outputTo = (said: string[], screen?: Output['screen']): Output => ({
  line: (text) => said.push(text),
  aside: (text) => said.push(text),
  paint: plain,
  screen,
});

const running = aPush({ status: 'RUNNING' }, [aStep('CFPlan')]);
const done = aPush({ status: 'DONE' }, [aStep('CFPlan')]);

describe('Without a screen', () => {
  test('each change is a line, the first one with the subject of the commit', () => {
    const said: string[] = [];
    const show = showOn(outputTo(said));
    show.note(['Push of 61648b7']);
    show.update([{ deployment: running, subject: 'First' }]);
    show.update([{ deployment: running, subject: 'First' }]);
    show.tick();
    show.end({ deployment: done, subject: 'First' }, ['It runs.']);
    expect(said).toEqual([
      'Push of 61648b7',
      'prod-shop 61648b7: "First" by alice',
      'prod-shop 61648b7: RUNNING',
      'prod-shop 61648b7: CFPlan DONE after 1.0 s',
      'prod-shop 61648b7: DONE',
      'It runs.',
    ]);
  });

  test('a plan is explained when it is made', () => {
    const said: string[] = [];
    const plan = { mode: 'NOP', hash: '', reasons: ['Only the version.'], outageSeconds: 0 } as const;
    showOn(outputTo(said)).update([
      { deployment: aPush({ status: 'RUNNING', plan }), explanation: ['New tasks start.'] },
    ]);
    expect(said.slice(-2)).toEqual(['prod-shop 61648b7:   Only the version.', 'prod-shop 61648b7:   New tasks start.']);
  });

  test('nothing ever moves the cursor', () => {
    const said: string[] = [];
    const show = showOn(outputTo(said));
    show.update([{ deployment: running }]);
    show.end({ deployment: done }, []);
    expect(said.join('')).not.toContain('\u001B');
  });

  test('deployments of several stacks are told apart', () => {
    const said: string[] = [];
    showOn(outputTo(said)).update([
      { deployment: aPush() },
      { deployment: aPush({ id: 'd-2', stackName: 'dev-shop' }) },
    ]);
    expect(said).toEqual(['prod-shop 61648b7: QUEUED', 'dev-shop 61648b7: QUEUED']);
  });
});

describe('On a screen', () => {
  const drawing = (columns = 80) => {
    const drawn: string[] = [];
    const screen = { write: (text: string) => drawn.push(text), rows: () => 40, columns: () => columns };
    return { drawn, show: showOn(outputTo([], screen)) };
  };

  test('what runs is drawn again in place, with the times that pass', () => {
    const { drawn, show } = drawing();
    show.update([{ deployment: running }]);
    show.tick();
    expect(drawn).toHaveLength(2);
    // As many lines up as were drawn before.
    expect(drawn[1]).toContain(`\u001B[${(drawn[0] ?? '').split('\n').length - 1}A`);
  });

  test('nothing is drawn while nothing runs', () => {
    const { drawn, show } = drawing();
    show.tick();
    expect(drawn).toEqual([]);
  });

  test('an end stays, and what still runs goes on below it', () => {
    const { drawn, show } = drawing();
    const other = aPush({ id: 'd-2', stackName: 'dev-shop', status: 'RUNNING' });
    show.update([{ deployment: running }, { deployment: other }]);
    show.end({ deployment: done }, ['It runs.']);
    expect(drawn.at(-2)).toMatch(/prod-shop .*DONE.*It runs\./s);
    expect(drawn.at(-1)).toContain('dev-shop');
    expect(drawn.at(-1)).not.toContain('prod-shop');
  });

  test('long reasons are broken between words, not cut', () => {
    const { drawn, show } = drawing(40);
    const reason = 'Infrastructure changes that the new version refers to come first';
    const plan = { mode: 'BEFORE', hash: '', reasons: [reason], outageSeconds: 0 } as const;
    show.update([{ deployment: aPush({ status: 'RUNNING', plan }) }]);
    expect(drawn.join('').replaceAll(/\n\s+/g, ' ')).toContain(reason);
  });
});
