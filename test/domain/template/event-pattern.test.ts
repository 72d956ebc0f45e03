import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventPattern, maxPatternLength, patternGroups } from '../../../functions/domain/template/event-pattern.ts';
import { type SubscriptionForm, subscriptionForm } from '../../../functions/domain/template/subscription-form.ts';
import { eventPatternFrom, fitsPattern } from '../../../infra/local/events/event-pattern.ts';

const own = { sourceEnv: 'prod', replyTo: 'prod/shop' };
const everywhere = { replyTo: 'prod/shop' };
const reply = { replyTo: [{ exists: false }, 'prod/shop'] };
const sourceEnv = ['prod'];
const exists = [{ exists: true }];

const pattern = (names: readonly string[], values: { sourceEnv?: string; replyTo: string } = own) => {
  const [group = []] = patternGroups(names.map(subscriptionForm), values);
  return eventPattern(group, values).detail;
};

describe('each form of a name has its pattern', () => {
  test.each([
    [['b', 'a', 'b'], { sourceEnv, destinationTopic: ['a', 'b'] }],
    [['/p.B', '/p.A'], { sourceEnv, grpcService: ['p.A', 'p.B'], reply }],
    [['/p.A/Two', '/p.A/One'], { sourceEnv, grpcService: ['p.A'], grpcMethod: ['One', 'Two'], reply }],
    [['global/event'], { sourceEnv, event: { entityName: exists } }],
    [['global/upsert'], { sourceEnv, upsert: { entityName: exists } }],
    [['global/*'], { sourceEnv }],
  ])('%j', (names, detail) => {
    expect(pattern(names)).toEqual(detail);
  });

  test('several stand beside each other, methods of one service together', () => {
    expect(pattern(['/p.B/One', '/p.C/One', '/p.A', 'topic', 'global/upsert', 'global/event'])).toEqual({
      sourceEnv,
      $or: [
        { event: { entityName: exists } },
        { upsert: { entityName: exists } },
        { destinationTopic: ['topic'] },
        { grpcService: ['p.A'], reply },
        { grpcService: ['p.B'], grpcMethod: ['One'], reply },
        { grpcService: ['p.C'], grpcMethod: ['One'], reply },
      ],
    });
  });

  test('every environment means that the source does not matter, and a pattern is never empty', () => {
    expect(pattern(['topic'], everywhere)).toEqual({ destinationTopic: ['topic'] });
    expect(pattern(['global/*'], everywhere)).toEqual({ sourceEnv: exists });
  });

  test('what a wider one includes is left out: it would come twice', () => {
    expect(pattern(['/p.A', '/p.A/One'])).toEqual({ sourceEnv, grpcService: ['p.A'], reply });
    expect(pattern(['/p.A', 'topic', 'global/*', 'global/event'])).toEqual({ sourceEnv });
  });
});

describe('for every set of subscriptions', () => {
  const service = fc.stringMatching(/^[a-z]{1,40}\.v1\.[A-Z][a-z]{1,150}$/);
  const name = fc.oneof(
    fc.stringMatching(/^[a-z-]{1,200}$/),
    service.map((text) => `/${text}`),
    fc.tuple(service, fc.constantFrom('Get', 'Put')).map(([text, method]) => `/${text}/${method}`),
    fc.constantFrom('/a.B', '/a.B/Get', '/a.B/Put', 'a', 'b', 'global/event', 'global/upsert'),
  );
  const names = fc.array(name, { minLength: 1, maxLength: 60 });
  const forms = (all: readonly string[]) => all.map(subscriptionForm);

  test('no pattern is longer than EventBridge takes, nothing is lost, and the order means nothing', () => {
    fc.assert(
      fc.property(names, fc.constantFrom(own, everywhere), (all, values) => {
        const groups = patternGroups(forms(all), values);
        for (const group of groups)
          expect(JSON.stringify(eventPattern(group, values)).length).toBeLessThanOrEqual(maxPatternLength);
        expect(patternGroups(forms([...all].reverse()), values)).toEqual(groups);
        const kept = new Set(groups.flat().map((form) => JSON.stringify(form)));
        for (const form of forms(all)) expect(kept.has(JSON.stringify(form))).toBe(!isCovered(form, all));
      }),
      { numRuns: 200 },
    );
  });

  const isCovered = (form: SubscriptionForm, all: readonly string[]) =>
    form.kind === 'method' && all.includes(`/${form.service}`);

  const message = fc.record(
    {
      sourceEnv: fc.constantFrom('prod', 'dev'),
      destinationTopic: fc.constantFrom('a', 'b', 'c'),
      grpcService: fc.constantFrom('a.B', 'a.C'),
      grpcMethod: fc.constantFrom('Get', 'Put', 'Other'),
      reply: fc.record({ replyTo: fc.constantFrom('prod/shop', 'prod/other') }),
      event: fc.record({ entityName: fc.constant('a.entity') }),
      upsert: fc.record({ entityName: fc.constant('a.entity') }),
    },
    { requiredKeys: ['sourceEnv'] },
  );
  type Message = Partial<typeof message extends fc.Arbitrary<infer T> ? T : never>;

  /** What o5 means by the forms, said once more in other words. */
  const isMeant = (form: SubscriptionForm, sent: Message): boolean => {
    const isMine = sent.reply === undefined || sent.reply.replyTo === 'prod/shop';
    if (form.kind === 'topic') return sent.destinationTopic === form.topic;
    if (form.kind === 'service') return sent.grpcService === form.service && isMine;
    if (form.kind === 'method') return sent.grpcService === form.service && sent.grpcMethod === form.method && isMine;
    if (form.kind !== 'global') return false;
    return form.what === '*' || sent[form.what] !== undefined;
  };

  test('a message is delivered exactly when a subscription asks for it', () => {
    const short = fc.subarray(['a', 'b', '/a.B', '/a.B/Get', '/a.C/Put', 'global/event', 'global/upsert', 'global/*'], {
      minLength: 1,
    });
    fc.assert(
      fc.property(short, fc.constantFrom(own, everywhere), message, (all, values, sent) => {
        const delivered = patternGroups(forms(all), values).some((group) =>
          fitsPattern(eventPatternFrom(eventPattern(group, values)), { detail: sent }),
        );
        const isFromThere = values === everywhere || sent.sourceEnv === 'prod';
        expect(delivered).toBe(isFromThere && forms(all).some((form) => isMeant(form, sent)));
      }),
      { numRuns: 1000 },
    );
  });
});
