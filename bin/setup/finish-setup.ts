import { changeWebhookSecret, type SecretWish } from '../../functions/operations/change-webhook-secret.ts';
import { type GitHubSetup, lookAtGitHubApp } from '../../functions/operations/look-at-git-hub-app.ts';
import { Complaint } from '../complaint.ts';
import { appLines, type InstalledOn, installationLines } from '../view/setup-lines.ts';
import type { SetupWorld } from './setup-world.ts';

type Stored = Extract<GitHubSetup, { kind: 'stored' }>;

/** Makes webhook and GitHub agree on a secret. @throws Complaint that says which of them knows what */
export const agreeOnSecret = async (world: SetupWorld, app: Stored['app'], wish: SecretWish): Promise<void> => {
  const { ports, output, webhookUrl, call } = world;
  output.aside(`Sending ${webhookUrl} a signed ping`);
  const changed = await changeWebhookSecret(ports, { app, url: webhookUrl, wish });
  if (changed.kind === 'unheard')
    throw new Complaint(
      `The webhook ${webhookUrl} ${answered(changed.status)}. The secret is stored, GitHub was not told of it, and whatever was valid before is valid still. Look at the log of the function webhook, then run ${call} again: it goes on from here.`,
    );
  output.line(
    changed.valid === 1
      ? 'The webhook and GitHub share one secret.'
      : `GitHub signs with the new secret; the old one is still valid. In some minutes: ${call} --drop-old-secret`,
  );
};

const answered = (status: number): string =>
  status === 0 ? 'did not answer' : `answered a ping that was rightly signed with ${status}`;

/** Shows what there is, and what is left to do. Gives the exit code: 1 where something is wrong, not where it only has to be installed. */
export const finishSetup = async (world: SetupWorld): Promise<number> => {
  const { ports, output, webhookUrl, call } = world;
  const setup = await lookAtGitHubApp(ports);
  if (setup.kind !== 'stored') throw new Complaint(unusable(setup, call));
  for (const line of appLines(setup)) output.line(line);
  const installed = await installedOn(world, setup);
  for (const line of installationLines(installed)) output.line(line);
  if (installed.length === 0)
    output.line(`  not installed yet: open ${setup.description.url}/installations/new, then run ${call}`);
  const wrong = complaintsOf(setup, webhookUrl, call);
  for (const complaint of wrong) output.aside(complaint);
  return wrong.length > 0 ? 1 : 0;
};

/** What GitHub says of an App that cannot be used. */
export const unusable = (setup: Exclude<GitHubSetup, Stored>, call: string): string =>
  setup.kind === 'empty'
    ? `No GitHub App is stored. Run ${call}.`
    : `GitHub does not take the key of the App ${setup.app.appId}: ${setup.message}. Nothing was changed. If the App is there and its key is gone, run ${call} --rotate-key; if the App is gone, ${call} --replace makes another.`;

const installedOn = ({ ports }: SetupWorld, { app, installations }: Stored): Promise<readonly InstalledOn[]> =>
  Promise.all(
    installations.map(async (installation) => ({
      installation,
      ...(installation.suspended
        ? { total: 0, first: [] }
        : await ports.gitHubSettings.repositories(app, installation.id)),
    })),
  );

const complaintsOf = (
  { missing, hookUrl, description }: Stored,
  webhookUrl: string,
  call: string,
): readonly string[] => [
  ...(missing.length > 0
    ? [
        `The App lacks ${missing.join(', ')}. Grant it on ${description.settingsUrl}/permissions; whoever installed the App has to accept it.`,
      ]
    : []),
  ...(hookUrl === webhookUrl
    ? []
    : [
        `GitHub sends deliveries to ${hookUrl ?? 'nobody'}, and this Slipway listens at ${webhookUrl}. Run ${call} --rotate-webhook-secret to bring them here under a new secret.`,
      ]),
];
