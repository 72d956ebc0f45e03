import { storeGitHubApp } from '../../functions/operations/store-git-hub-app.ts';
import { Complaint } from '../complaint.ts';
import { agreeOnSecret } from './finish-setup.ts';
import { readPrivateKey } from './read-private-key.ts';
import type { SetupWish } from './setup-wish.ts';
import type { SetupWorld } from './setup-world.ts';

/** GitHub's own are 40 characters. */
const SHORTEST_SECRET = 20;

/** Takes an App that somebody made by hand: without a browser on this machine, or under rules of an organization. */
export const adoptApp = async (
  world: SetupWorld,
  { appId, keyFile, secretFromStdin }: Extract<SetupWish, { kind: 'adopt' }>,
  readStdin: () => Promise<string>,
): Promise<void> => {
  const app = { appId, privateKey: readPrivateKey(keyFile) };
  const given = secretFromStdin ? secretIn(await readStdin()) : undefined;
  const described = await world.ports.gitHubSettings.describe(app);
  if (described.kind === 'refused')
    throw new Complaint(
      `GitHub does not take this key for the App ${appId}: ${described.message}. Nothing was stored; compare the App ID and the fingerprint of the key with the App's page.`,
    );
  const before = await world.ports.gitHubSecrets.findApp();
  if (before && String(before.appId) !== String(appId))
    world.output.aside(`The App ${described.description.name} takes the place of the App ${before.appId}.`);
  await storeGitHubApp(world.ports, { app, webhookSecret: given });
  await agreeOnSecret(world, app, given === undefined ? { kind: 'kept' } : { kind: 'given', secret: given });
  world.output.line(`The key is stored: delete ${keyFile} now.`);
};

const secretIn = (text: string): string => {
  const secret = text.replace(/\r?\n$/, '');
  if (secret.length >= SHORTEST_SECRET && /^[\x21-\x7e]+$/.test(secret)) return secret;
  throw new Complaint(
    `The webhook secret on the standard input has to be one line of at least ${SHORTEST_SECRET} visible ASCII characters. Nothing was stored.`,
  );
};
