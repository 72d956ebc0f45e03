import { expect, test } from '@jest/globals';
import { subscriptionForm } from '../../../functions/domain/template/subscription-form.ts';

test.each([
  ['orders', { kind: 'topic', topic: 'orders' }],
  ['github:push', { kind: 'topic', topic: 'github:push' }],
  ['/shop.v1.OrderTopic', { kind: 'service', service: 'shop.v1.OrderTopic' }],
  ['/shop.v1.OrderTopic/Placed', { kind: 'method', service: 'shop.v1.OrderTopic', method: 'Placed' }],
  ['global/event', { kind: 'global', what: 'event' }],
  ['global/upsert', { kind: 'global', what: 'upsert' }],
  ['global/*', { kind: 'global', what: '*' }],
  ['o5-infra/ecs-events', { kind: 'infra', topic: 'ecs-events' }],
])('%s is a form of a name', (name, form) => {
  expect(subscriptionForm(name)).toEqual(form);
});

test.each([
  ['global/events', 'global/event'],
  ['globl/event', 'global/event'],
  ['o5-infr/topic', 'o5-infra/topic'],
  ['shop.v1.OrderTopic/Placed', '/shop.v1.OrderTopic/Placed'],
  ['global/everything', undefined],
  ['something/else', undefined],
  ['/OrderTopic', undefined],
  ['/shop.v1.OrderTopic/Placed/Twice', undefined],
  ['/shop.v1.OrderTopic/', undefined],
  ['o5-infra/a.b', undefined],
  ['o5-infra/a/b', undefined],
  ['two words', undefined],
  ['/', undefined],
  ['', undefined],
])('%j is none, and the nearest is %j', (name, nearest) => {
  const form = subscriptionForm(name);
  expect(form).toMatchObject({ kind: 'unknown', message: expect.stringContaining('expected a topic') });
  expect(form).toEqual({ ...form, ...(nearest !== undefined && { nearest }) });
  expect('nearest' in form).toBe(nearest !== undefined);
});
