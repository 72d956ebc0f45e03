import { receiveWebhook } from '../operations/receive-webhook.ts';
import { webhook } from '../runtime/webhook.ts';

export const handler = webhook(receiveWebhook);
