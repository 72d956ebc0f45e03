import { expect, test } from '@jest/globals';
import { appEvents, appManifest, appPermissions, missingGrants } from '../../functions/domain/git-hub-app.ts';

test('an App that was made by the manifest lacks nothing', () => {
  expect(missingGrants({ permissions: appPermissions, events: appEvents })).toEqual([]);
  expect(missingGrants({ permissions: { ...appPermissions, contents: 'write' }, events: ['push', 'issues'] })).toEqual(
    [],
  );
});

test('what an App lacks is named as its page names it', () => {
  const permissions = { metadata: 'read', contents: 'read', checks: 'read' };
  expect(missingGrants({ permissions, events: ['issues'] })).toEqual([
    'checks: write',
    'deployments: write',
    'the event push',
  ]);
});

test("the manifest asks for a private App with Slipway's webhook, its permissions and its one event", () => {
  const wish = { name: 'x', webhookUrl: 'https://a.example/webhook', redirectUrl: 'http://127.0.0.1:9/created' };
  expect(appManifest(wish)).toEqual({
    name: 'x',
    description: expect.any(String),
    url: 'https://a.example',
    hook_attributes: { url: 'https://a.example/webhook', active: true },
    redirect_url: 'http://127.0.0.1:9/created',
    public: false,
    default_permissions: { metadata: 'read', contents: 'read', checks: 'write', deployments: 'write' },
    default_events: ['push'],
  });
});
