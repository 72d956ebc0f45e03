import { lookAtGitHubApp } from '../../functions/operations/look-at-git-hub-app.ts';
import { Complaint } from '../complaint.ts';
import { unusable } from './finish-setup.ts';
import { readPrivateKey } from './read-private-key.ts';
import type { SetupWorld } from './setup-world.ts';

/** Replaces the App's key. GitHub has no call that makes or removes one: a person does that on the App's page. */
export const rotateKey = async (world: SetupWorld, keyFile: string | undefined): Promise<void> => {
  const { ports, output, call } = world;
  const before = await ports.gitHubSecrets.findApp();
  if (!before) throw new Complaint(unusable({ kind: 'empty' }, call));
  if (keyFile === undefined) return guide(world);
  const app = { appId: before.appId, privateKey: readPrivateKey(keyFile) };
  if (app.privateKey === before.privateKey)
    throw new Complaint(
      `${keyFile} holds the key that is stored already. Nothing was changed; make a new one on the App's page.`,
    );
  const described = await ports.gitHubSettings.describe(app);
  if (described.kind === 'refused')
    throw new Complaint(
      `GitHub does not take this key for the App ${app.appId}: ${described.message}. Nothing was changed; name a key of that App.`,
    );
  await ports.gitHubSecrets.writeApp(app);
  output.line('The new key is stored. Now:');
  output.line(`  1. Delete the old key on ${described.description.settingsUrl} under "Private keys".`);
  output.line(`  2. Delete ${keyFile}.`);
  output.aside(
    'Functions that still hold the old key read the new one as soon as GitHub refuses the old, and try again.',
  );
};

const guide = async ({ ports, output, call }: SetupWorld): Promise<void> => {
  const setup = await lookAtGitHubApp(ports);
  const page =
    setup.kind === 'stored' ? setup.description.settingsUrl : `the App's page on ${ports.gitHubSettings.webUrl}`;
  output.line(`  1. Open ${page}, and under "Private keys" press "Generate a private key". The old one stays valid.`);
  output.line(`  2. ${call} --rotate-key --private-key FILE, with the .pem file that the browser has saved.`);
  output.line('  3. Delete the old key on the page, and the file.');
};
