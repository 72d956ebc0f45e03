import type { GitHubApp } from '../../functions/domain/git-hub-app.ts';
import { dropOldWebhookSecret } from '../../functions/operations/change-webhook-secret.ts';
import { lookAtGitHubApp } from '../../functions/operations/look-at-git-hub-app.ts';
import { Complaint } from '../complaint.ts';
import { agreeOnSecret, unusable } from './finish-setup.ts';
import type { SetupWorld } from './setup-world.ts';

/** Both secrets are valid from here until the old one is dropped. */
export const rotateWebhookSecret = async (world: SetupWorld): Promise<void> =>
  agreeOnSecret(world, await usableApp(world), { kind: 'new' });

/** The end of a rotation. */
export const dropOldSecret = async (world: SetupWorld): Promise<void> => {
  const { ports, webhookUrl, output, call } = world;
  const app = await usableApp(world);
  const dropped = await dropOldWebhookSecret(ports, { app, url: webhookUrl });
  switch (dropped.kind) {
    case 'dropped':
      output.line(
        'The new secret alone is valid; functions that still hold the old one forget it within five minutes.',
      );
      return;
    case 'nothing':
      output.line('There is no old secret: nothing was changed.');
      return;
    case 'too-soon':
      throw new Complaint(
        `A delivery under the old secret may be under way. Nothing was changed; wait ${dropped.seconds} s, then run ${call} --drop-old-secret again.`,
      );
    case 'refused':
      throw new Complaint(
        `The webhook refused GitHub's last delivery, of ${dropped.deliveredAt}, with ${dropped.statusCode}. Both secrets are still valid. Run ${call} --rotate-webhook-secret again, redeliver that one on the App's page under "Advanced", and drop the old secret when it is accepted.`,
      );
  }
};

const usableApp = async ({ ports, call }: SetupWorld): Promise<GitHubApp> => {
  const setup = await lookAtGitHubApp(ports);
  if (setup.kind !== 'stored') throw new Complaint(unusable(setup, call));
  return setup.app;
};
