import { expect, test } from '@jest/globals';
import type { Template, TemplateResource } from '../../../functions/domain/template/template.ts';
import { templateLimits } from '../../../functions/domain/template/template-limits.ts';

const many = <T>(count: number, each: T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Id${index}`, each]));

const queue: TemplateResource = { Type: 'AWS::SQS::Queue' };
const role = (length: number): TemplateResource => ({
  Type: 'AWS::IAM::Role',
  // Quotes and brackets are two and four characters.
  Properties: { Policies: [{ PolicyName: 'n'.repeat(100), PolicyDocument: 'p'.repeat(length - 4) }] },
});
const task = (length: number): TemplateResource => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { Family: 'f'.repeat(length - '{"Family":""}'.length) },
});

const messages = (template: Template) => templateLimits(template).map(({ message }) => message);

test.each<[string, Template, Template, RegExp]>([
  ['resources', { Resources: many(500, queue) }, { Resources: many(501, queue) }, /^makes 501 resources.* 500\. Split/],
  [
    'parameters',
    { Resources: {}, Parameters: many(200, { Type: 'String' }) },
    { Resources: {}, Parameters: many(201, { Type: 'String' }) },
    /more parameters.* 200\. /,
  ],
  [
    'rights of a role',
    { Resources: { IAMRoleMainAssume: role(10_240) } },
    { Resources: { IAMRoleMainAssume: role(10_241) } },
    /IAMRoleMainAssume more rights.* 10240\. /,
  ],
  [
    'bytes of a task definition',
    { Resources: { ECSTaskDefinitionMain: task(65_536) } },
    { Resources: { ECSTaskDefinitionMain: task(65_537) } },
    /ECSTaskDefinitionMain longer.* 65536\. /,
  ],
  [
    'bytes of the template',
    { Resources: many(20, task(45_000)) },
    { Resources: many(20, task(50_000)) },
    /more bytes than CloudFormation takes.* 1000000\. /,
  ],
])('as many %s as AWS takes are fine, and more are refused', (_, fits, tooLarge, message) => {
  expect(messages(fits)).toEqual([]);
  expect(messages(tooLarge)).toEqual([expect.stringMatching(message)]);
});
