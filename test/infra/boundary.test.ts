import { expect, test } from '@jest/globals';
import { o5Templates } from '../support/o5-template.ts';
import { boundaryVerdict, rightsOf } from '../support/role-rights.ts';

// What the builder writes into the roles of applications, held against the boundary as it is synthesised.
const templates = o5Templates().map(({ template }) => template);

const rights = templates.flatMap(rightsOf);

test('whatever the builder gives the role of an application, the boundary lets through', () => {
  expect(rights.filter((right) => boundaryVerdict(right) !== 'allow')).toEqual([]);
  const services = new Set(rights.map(({ action }) => action.split(':')[0]));
  expect([...services].sort()).toEqual(['ecr', 'events', 'rds-db', 's3', 'sqs']);
});

test('a role is given nothing on every resource but the login to ECR, which takes none', () => {
  const wide = rights.filter(({ resource }) => resource === '*').map(({ action }) => action);
  expect([...new Set(wide)]).toEqual(['ecr:GetAuthorizationToken']);
});

test('what the same right would be in another environment, the boundary keeps from it', () => {
  const elsewhere = rights
    .map((right) => ({
      ...right,
      resource: right.resource.replace(/([:/.])dev([-.])/, '$1prod$2').replace('/dev_', '/prod_'),
    }))
    .filter(({ resource }, index) => resource !== rights[index]?.resource);
  expect(elsewhere.filter((right) => boundaryVerdict(right) === 'allow')).toEqual([]);
  expect([...new Set(elsewhere.map(({ action }) => action.split(':')[0]))].sort()).toEqual(['rds-db', 's3', 'sqs']);
});

test('every policy within a role is named after its environment', () => {
  expect(rights.filter(({ policy }) => !policy.startsWith('dev-'))).toEqual([]);
});
