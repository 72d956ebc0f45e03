import { type AppDescription, type AppInstallation, type GitHubApp, missingGrants } from '../domain/git-hub-app.ts';
import type { Ports } from '../ports.ts';

/** How far the setup of the GitHub App has come. */
export type GitHubSetup =
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly app: GitHubApp; readonly message: string }
  | {
      readonly kind: 'stored';
      readonly app: GitHubApp;
      readonly description: AppDescription;
      /** Two while one takes the place of the other. */
      readonly webhookSecrets: number;
      /** Where GitHub sends deliveries to. */
      readonly hookUrl: string | undefined;
      readonly missing: readonly string[];
      readonly installations: readonly AppInstallation[];
    };

/** What is stored, and what GitHub says of it. Changes nothing. */
export const lookAtGitHubApp = async ({
  gitHubSecrets,
  gitHubSettings,
}: Pick<Ports, 'gitHubSecrets' | 'gitHubSettings'>): Promise<GitHubSetup> => {
  const app = await gitHubSecrets.findApp();
  if (!app) return { kind: 'empty' };
  const described = await gitHubSettings.describe(app);
  if (described.kind === 'refused') return { kind: 'refused', app, message: described.message };
  const { description } = described;
  const [found, hookUrl, installations] = await Promise.all([
    gitHubSecrets.findWebhookSecrets(),
    gitHubSettings.findHookUrl(app),
    gitHubSettings.installations(app),
  ]);
  const webhookSecrets = found?.secrets.length ?? 0;
  return {
    kind: 'stored',
    app,
    description,
    webhookSecrets,
    hookUrl,
    missing: missingGrants(description),
    installations,
  };
};
