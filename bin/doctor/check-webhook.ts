import { messageOf } from '../message-of.ts';
import type { Deployed } from './control-plane.ts';
import { type Diagnosis, missing, ok } from './diagnosis.ts';

/** Whatever stands between us and the endpoint must answer well within GitHub's ten seconds. */
const MILLIS = 10_000;

/** The endpoint answers, has its secret, and refuses what that secret did not sign; nothing follows from the request. */
export const checkWebhook = async ({ outputs, call }: Deployed): Promise<Diagnosis> => {
  const url = outputs['WebhookUrl'] ?? '';
  try {
    const { status } = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'ping',
        'x-github-delivery': '00000000-0000-4000-8000-000000000000',
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
      },
      body: '{}',
      signal: AbortSignal.timeout(MILLIS),
    });
    return status === 503 ? missing(`${url} has no secret yet`, `Run ${call('setup github')}`) : answerTo(status, url);
  } catch (error) {
    return missing(`${url} cannot be reached: ${messageOf(error)}`, 'Look at the stack slipway: is its API there?');
  }
};

const answerTo = (status: number, url: string): Diagnosis => {
  if (status === 401) return ok(`${url} refuses what is not signed`);
  return missing(
    `${url} answered ${status} to a request with a wrong signature; it should refuse it with 401`,
    'Read the log of the function Webhook (docs/runbook.md)',
  );
};
