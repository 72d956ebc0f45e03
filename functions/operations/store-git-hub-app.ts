import type { GitHubApp } from '../domain/git-hub-app.ts';
import type { Ports } from '../ports.ts';

export interface AppSecrets {
  readonly app: GitHubApp;
  /** Absent where GitHub made none: the next setup makes one. */
  readonly webhookSecret: string | undefined;
}

/**
 * Stores what GitHub handed out. The key first: without it nothing can be mended, and with it a webhook secret that was
 * lost on the way is simply replaced.
 */
export const storeGitHubApp = async (
  { gitHubSecrets }: Pick<Ports, 'gitHubSecrets'>,
  { app, webhookSecret }: AppSecrets,
): Promise<void> => {
  await gitHubSecrets.writeApp(app);
  if (webhookSecret === undefined) return;
  const valid = (await gitHubSecrets.findWebhookSecrets())?.secrets ?? [];
  if (valid[0] === webhookSecret) return;
  await gitHubSecrets.writeWebhookSecrets([webhookSecret, ...valid.filter((other) => other !== webhookSecret)]);
};
