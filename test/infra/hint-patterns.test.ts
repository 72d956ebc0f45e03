import { expect, test } from '@jest/globals';
import { type AwsEvent, hintFrom } from '../../functions/domain/aws-event.ts';
import { cloudFormationStatuses } from '../../functions/domain/cloudformation-status.ts';
import { type Leaf, leafFits } from '../../infra/local/events/pattern-leaf.ts';
import { resourcesOfType } from '../support/synthesised.ts';

type Pattern = { readonly [key: string]: Pattern | readonly Leaf[] };

const fits = (pattern: Pattern | readonly Leaf[], value: unknown): boolean =>
  Array.isArray(pattern)
    ? pattern.some((leaf) => leafFits(leaf, value))
    : Object.entries(pattern).every(([key, wanted]) => fits(wanted, Object(value)[key]));

const patterns = (name: RegExp) =>
  resourcesOfType('AWS::Events::Rule')
    .filter(([id]) => name.test(id))
    .map(([, { Properties }]) => Properties?.['EventPattern'] as Pattern);

const event = (source: string, detailType: string, detail: AwsEvent['detail']): AwsEvent => ({
  source,
  'detail-type': detailType,
  detail,
});

const events = [
  ...cloudFormationStatuses.map((status) =>
    event('aws.cloudformation', 'CloudFormation Stack Status Change', {
      'stack-id': 'arn:aws:cloudformation:eu-west-1:000000000000:stack/prod-shop/1',
      'status-details': { status },
    }),
  ),
  ...['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'].map((lastStatus) =>
    event('aws.ecs', 'ECS Task State Change', { lastStatus, startedBy: 't1' }),
  ),
  ...['SUCCESS', 'FAILURE'].flatMap((result) =>
    ['PUSH', 'DELETE'].map((action) =>
      event('aws.ecr', 'ECR Image Action', {
        'action-type': action,
        result,
        'repository-name': 'shop',
        'image-tag': 'c0ffee',
      }),
    ),
  ),
];

/** Whether the event can end a wait: what it names has come to its end, or has arrived. */
const endsWaits = (given: AwsEvent): boolean => {
  const hint = hintFrom(given);
  return hint !== undefined && (hint.ended || hint.image !== undefined);
};

test.each([
  ['the control plane', /^(Stack|Task|Image)Events/],
  ['a cluster', /^Forward(Stack|Task|Image)Events/],
])('the rules of %s let through just the events that can end a wait', (_, name) => {
  const rules = patterns(name);
  expect(rules).toHaveLength(3);
  const through = events.filter((given) => rules.some((pattern) => fits(pattern, given)));
  expect(through).toEqual(events.filter(endsWaits));
  expect(through.length).toBeGreaterThan(3);
});
