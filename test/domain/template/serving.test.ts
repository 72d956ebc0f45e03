import { expect, test } from '@jest/globals';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { infraMigrateTemplate } from '../../../functions/domain/template/infra-migrate.ts';
import { sampleBuild } from '../../support/sample-build.ts';

const release = (...subscriptions: readonly object[]) =>
  buildTemplate(sampleBuild({ runtime: { subscriptions } })).template;

test('messages that only the new version knows do not come before it', () => {
  const running = release({ name: 'orders' });
  const after = infraMigrateTemplate(running, release({ name: 'orders' }, { name: 'refunds' }, { name: 'o5-infra/a' }));
  expect(after.Resources['EventsRuleMainOwn']).toEqual(running.Resources['EventsRuleMainOwn']);
  expect(after.Resources).not.toHaveProperty('SNSSubscriptionMainA');
});

test('the queue of a runtime that begins to subscribe comes first, and what fills it comes with the version', () => {
  const after = infraMigrateTemplate(release(), release({ name: 'orders' }));
  expect(Object.keys(after.Resources)).toEqual(expect.arrayContaining(['SQSQueueMain', 'SQSQueuePolicyMain']));
  expect(after.Resources).not.toHaveProperty('EventsRuleMainOwn');
});
