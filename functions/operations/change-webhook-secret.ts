import type { GitHubApp } from '../domain/git-hub-app.ts';
import { BETWEEN_LOOKS_MILLIS } from '../domain/webhook-secrets.ts';
import type { Ports } from '../ports.ts';

export type WebhookSecretPorts = Pick<Ports, 'password' | 'clock'> & {
  readonly gitHubSecrets: Pick<Ports['gitHubSecrets'], 'findWebhookSecrets' | 'writeWebhookSecrets'>;
  readonly gitHubSettings: Pick<Ports['gitHubSettings'], 'setHook' | 'lastDelivery'>;
  /** Sends the webhook a signed ping; gives the status of its answer, 0 when there was none. */
  readonly ping: (url: string, secret: string) => Promise<number>;
};

export type Changed =
  | { readonly kind: 'changed'; readonly valid: number }
  /** The webhook does not take the new secret: GitHub was not told. */
  | { readonly kind: 'unheard'; readonly status: number };

export type Dropped =
  | { readonly kind: 'dropped' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'too-soon'; readonly seconds: number }
  /** GitHub's newest delivery was refused. */
  | { readonly kind: 'refused'; readonly statusCode: number; readonly deliveredAt: string };

/** GitHub waits 10 s for an answer; what it signed before it was told is over by then. */
const UNDER_WAY_MILLIS = 60_000;

/** Long enough for the instance that is asked to look again. */
const PINGS = 8;
const BETWEEN_PINGS_MILLIS = 1_500;

/** Which secret shall be the newest. */
export type SecretWish =
  /** Another one than now; the one of a change that is under way where there is one, so that it may be repeated. */
  | { readonly kind: 'new' }
  /** The one that is stored; a new one where there is none. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'given'; readonly secret: string };

/** Makes the webhook take a secret, then GitHub sign with it. The old one stays valid. */
export const changeWebhookSecret = async (
  ports: WebhookSecretPorts,
  { app, url, wish }: { readonly app: GitHubApp; readonly url: string; readonly wish: SecretWish },
): Promise<Changed> => {
  const { gitHubSecrets, gitHubSettings } = ports;
  const stored = (await gitHubSecrets.findWebhookSecrets())?.secrets ?? [];
  const secrets = wished(stored, wish, ports.password);
  // Written again even if it is the same: its age says how long GitHub has known.
  await gitHubSecrets.writeWebhookSecrets(secrets);
  const status = await heard(ports, url, secrets[0]);
  if (!isTaken(status)) return { kind: 'unheard', status };
  // Another instance may have looked just before the secret was stored, and will not look again so soon.
  if (secrets.length > 1) await ports.clock.sleep(BETWEEN_LOOKS_MILLIS);
  await gitHubSettings.setHook(app, { url, secret: secrets[0] });
  return { kind: 'changed', valid: secrets.length };
};

/** None that is valid is left out: GitHub may sign with any of them when an earlier change was cut off. */
const wished = (
  stored: readonly string[],
  wish: SecretWish,
  password: () => string,
): readonly [string, ...string[]] => {
  const [newest, ...older] = stored;
  const isUnderWay = older.length > 0;
  if (newest !== undefined && (wish.kind === 'kept' || (wish.kind === 'new' && isUnderWay))) return [newest, ...older];
  const secret = wish.kind === 'given' ? wish.secret : password();
  return [secret, ...stored.filter((other) => other !== secret)];
};

/** Leaves the newest secret alone, once GitHub signs with it and nothing older is under way. */
export const dropOldWebhookSecret = async (
  { gitHubSecrets, gitHubSettings, clock }: WebhookSecretPorts,
  { app, url }: { readonly app: GitHubApp; readonly url: string },
): Promise<Dropped> => {
  const found = await gitHubSecrets.findWebhookSecrets();
  if (!found || found.secrets.length === 1) return { kind: 'nothing' };
  const storedAt = new Date(found.storedAt);
  const remaining = storedAt.getTime() + UNDER_WAY_MILLIS - clock.now().getTime();
  if (remaining > 0) return { kind: 'too-soon', seconds: Math.ceil(remaining / 1000) };
  const [secret] = found.secrets;
  // Whoever stopped half way may not have told GitHub; telling it twice does no harm.
  await gitHubSettings.setHook(app, { url, secret });
  const last = await gitHubSettings.lastDelivery(app, storedAt);
  if (last?.statusCode === 401) return { kind: 'refused', statusCode: last.statusCode, deliveredAt: last.deliveredAt };
  await gitHubSecrets.writeWebhookSecrets([secret]);
  return { kind: 'dropped' };
};

const heard = async ({ ping, clock }: WebhookSecretPorts, url: string, secret: string): Promise<number> => {
  let status = await ping(url, secret);
  for (let again = 1; again < PINGS && !isTaken(status); again++) {
    await clock.sleep(BETWEEN_PINGS_MILLIS);
    status = await ping(url, secret);
  }
  return status;
};

const isTaken = (status: number): boolean => status >= 200 && status < 300;
