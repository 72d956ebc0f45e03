import { lookAtGitHubApp } from '../../functions/operations/look-at-git-hub-app.ts';
import { Complaint } from '../complaint.ts';
import { adoptApp } from './adopt-app.ts';
import { createApp } from './create-app.ts';
import { agreeOnSecret, finishSetup, unusable } from './finish-setup.ts';
import { rotateKey } from './rotate-key.ts';
import { dropOldSecret, rotateWebhookSecret } from './rotate-webhook-secret.ts';
import type { SetupWish } from './setup-wish.ts';
import type { SetupWorld } from './setup-world.ts';

/**
 * Brings Slipway and GitHub together. Everything may be repeated: what is there is shown, what is missing is made.
 * @throws Complaint
 */
export const setUpGitHub = async (
  world: SetupWorld,
  wish: SetupWish,
  readStdin: () => Promise<string>,
): Promise<number> => {
  switch (wish.kind) {
    case 'look-or-create':
      await lookOrCreate(world, wish);
      return finishSetup(world);
    case 'adopt':
      await adoptApp(world, wish, readStdin);
      return finishSetup(world);
    case 'rotate-webhook-secret':
      await rotateWebhookSecret(world);
      return 0;
    case 'drop-old-secret':
      await dropOldSecret(world);
      return 0;
    case 'rotate-key':
      await rotateKey(world, wish.keyFile);
      return 0;
  }
};

const lookOrCreate = async (
  world: SetupWorld,
  { creation, replace }: Extract<SetupWish, { kind: 'look-or-create' }>,
): Promise<void> => {
  const setup = await lookAtGitHubApp(world.ports);
  if (setup.kind === 'empty' || replace) return createApp(world, creation);
  if (setup.kind === 'refused') throw new Complaint(unusable(setup, world.call));
  // An earlier run was cut off between the App's key and the webhook's secret.
  if (setup.webhookSecrets === 0) await agreeOnSecret(world, setup.app, { kind: 'kept' });
};
