import type { WebhookSecretPorts } from '../../functions/operations/change-webhook-secret.ts';
import type { Ports } from '../../functions/ports.ts';
import type { Output } from '../output.ts';

/** What the steps of the setup have in common. */
export interface SetupWorld {
  readonly ports: WebhookSecretPorts & Pick<Ports, 'gitHubSecrets' | 'gitHubSettings'>;
  /** Of the control plane. */
  readonly webhookUrl: string;
  readonly output: Output;
  /** The words that call this setup again, such as `npm run slipway -- setup github --stage production`. */
  readonly call: string;
}
