import { missingGrants } from '../../functions/domain/git-hub-app.ts';
import type { Deployed } from './control-plane.ts';
import { type Diagnosis, missing, ok } from './diagnosis.ts';

/** The App stands in its secret, GitHub knows it by that key, and it may do what Slipway does. */
export const checkGitHubApp = async ({ ports, outputs, call }: Deployed): Promise<Diagnosis> => {
  const setup = `Run ${call('setup github')}`;
  const { gitHubSecrets, gitHubSettings } = ports;
  const [app, webhook] = await Promise.all([gitHubSecrets.findApp(), gitHubSecrets.findWebhookSecrets()]);
  if (!app) return missing('The secret of the GitHub App holds none', setup);
  if (!webhook) return missing('The secret of the webhook is empty', setup);
  const known = await gitHubSettings.describe(app);
  if (known.kind === 'refused')
    return missing(`GitHub does not know App ${app.appId} by the key in the secret: ${known.message}`, setup);
  const { name, settingsUrl } = known.description;
  const lacking = missingGrants(known.description);
  if (lacking.length > 0)
    return missing(
      `${name} lacks ${lacking.join(', ')}`,
      `Add it under ${settingsUrl}/permissions, and accept it where the App is installed`,
    );
  const url = await gitHubSettings.findHookUrl(app);
  return url === outputs['WebhookUrl']
    ? ok(`${name}, with every permission`)
    : missing(`GitHub sends its webhooks to ${url || 'nowhere'}; Slipway listens on ${outputs['WebhookUrl']}`, setup);
};
