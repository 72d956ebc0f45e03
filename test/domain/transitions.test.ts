import { expect, test } from '@jest/globals';
import { allowedFrom as deploymentAllowedFrom } from '../../functions/domain/deployment/transitions.ts';
import { allowedFrom as stackAllowedFrom } from '../../functions/domain/stack/transitions.ts';
import { type Transitions, targetOf } from '../../functions/domain/transitions.ts';

const light: Transitions<'RED' | 'GREEN', 'Switched'> = {
  NONE: { Switched: 'RED' },
  RED: { Switched: { byDay: 'GREEN', byNight: 'RED' } },
  GREEN: {},
};

test('a target is read by status, event and case', () => {
  expect(targetOf(light, 'NONE', 'Switched')).toBe('RED');
  expect(targetOf(light, 'RED', 'Switched', 'byDay')).toBe('GREEN');
  expect(targetOf(light, 'GREEN', 'Switched')).toBeUndefined();
});

test('a case that the table does not know is a mistake in the code', () => {
  expect(() => targetOf(light, 'RED', 'Switched')).toThrow('RED x Switched knows the cases byDay, byNight, not (none)');
  expect(() => targetOf(light, 'RED', 'Switched', 'byDusk')).toThrow('not byDusk');
});

test('the statuses that take an event are read from the rows', () => {
  expect(stackAllowedFrom('Claimed')).toEqual(['CREATING', 'MIGRATING']);
  expect(stackAllowedFrom('Resumed')).toEqual(['BROKEN']);
  expect(deploymentAllowedFrom('Rejected')).toEqual(['QUEUED']);
});
