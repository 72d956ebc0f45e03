import { expect, test } from '@jest/globals';
import { checkApplication } from '../../../functions/domain/environment/check.ts';
import { checkAdministrators } from '../../../functions/domain/environment/check-administrators.ts';
import type { CheckInput } from '../../../functions/domain/environment/check-input.ts';
import {
  sampleAnswer,
  sampleApplication,
  sampleCluster,
  sampleEnvironment,
} from '../../support/sample-configuration.ts';

const asking = (serverGroup: string, databaseAdmins?: readonly string[]): CheckInput => ({
  application: sampleApplication({
    databases: [
      { name: 'main', postgres: {} },
      { name: 'audit', postgres: { serverGroup } },
    ],
  }),
  environment: sampleEnvironment(),
  cluster: { ...sampleCluster(), answer: { ...sampleAnswer, ...(databaseAdmins && { databaseAdmins }) } },
});

const checked = (serverGroup: string, databaseAdmins?: readonly string[]) =>
  checkAdministrators(asking(serverGroup, databaseAdmins));

test('an administrator by IAM whom the cluster stack allows is fine, and one with a password needs no permission', () => {
  expect(checked('aurora', ['other/admin', 'aurora/admin'])).toEqual([]);
  expect(checked('default', [])).toEqual([]);
});

test.each([
  ['the stack allows nobody', [], undefined],
  ['the stack allows another user of the server', ['aurora/admins'], 'aurora/admins'],
  ['the stack allows the user of another server', ['aurora2/admin'], 'aurora2/admin'],
])('where %s, the server group is named with what to do', (_case, admins, close) => {
  expect(checked('aurora', admins)).toMatchObject([
    {
      keys: ['databases', 1, 'postgres', 'serverGroup'],
      message: expect.stringMatching(
        /^aurora has the administrator aurora\/admin, .* databaseAdmins .* npm run deploy/,
      ),
      ...(close && { nearest: close }),
    },
  ]);
});

test('as long as the cluster stack has not told whom it allows, nothing is said', () => {
  expect(checked('aurora')).toEqual([]);
});

test('it is among the findings of an application', () => {
  const messages = checkApplication(asking('aurora', [])).map(({ message }) => message);
  expect(messages).toContainEqual(expect.stringMatching(/databaseAdmins in infra\/aws\/stages\.ts/));
});
