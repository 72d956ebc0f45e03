/** The route's answer: an HTTP status and a sentence. */
export interface WebhookAnswer {
  readonly statusCode: number;
  readonly body: string;
}

export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
}

/** What the webhook needs; not ports.ts, so that its bundle stays small. */
export interface WebhookPorts {
  /** Secrets that are valid now, newest first: two during a rotation, none before the setup. */
  readonly secrets: () => Promise<readonly string[]>;
  /** The same after another look, for a signature that fits none of them; undefined when it is too soon for one. */
  readonly lookAgain: () => Promise<readonly string[] | undefined>;
  /** False when the name has been used before. */
  readonly start: (name: string, input: object) => Promise<boolean>;
  readonly now: () => number;
  readonly isSigned: (body: Uint8Array, signature: string, secret: string) => boolean;
  /** Tells the log what an operator has to do. */
  readonly complain: (event: string, remedy: string) => void;
}

/** Above this Lambda could not have been called with the body in base64 (6 MB); GitHub sends up to 25 MB. */
const LARGEST_BODY = 5 * 1024 * 1024;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Verifies the signature over the raw bytes, then starts the request machine, named after the delivery. Nothing else:
 * GitHub waits ten seconds and does not try again by itself.
 */
export const receiveWebhook = async (ports: WebhookPorts, request: WebhookRequest): Promise<WebhookAnswer> => {
  const body = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > LARGEST_BODY)
    return answer(
      413,
      `The delivery is larger than ${LARGEST_BODY} bytes: push fewer commits at once, or start a manual request for the commit`,
    );
  const delivery = request.headers['x-github-delivery'] ?? '';
  if (!UUID.test(delivery)) return answer(400, 'The header X-GitHub-Delivery is not a UUID');
  const signature = request.headers['x-hub-signature-256'];
  if (!signature) return answer(401, 'The header X-Hub-Signature-256 is missing');
  const secrets = await ports.secrets();
  if (secrets.length === 0) return notSetUp(ports);
  if (!(await isGenuine(ports, secrets, body, signature))) return answer(401, 'The signature does not match');
  const event = request.headers['x-github-event'];
  if (event !== 'push') return answer(202, `Nothing to do for the event ${event}`);
  const push = pushOf(body);
  if (!push) return answer(400, 'The body is not a push as GitHub sends it');
  const input = { kind: 'push', deliveryId: delivery, ...push };
  if (await ports.start(delivery, input)) return answer(202, 'Accepted');
  // Delivered again: acceptance makes a second effect impossible, and a retry after a fault possible.
  const minute = Math.floor(ports.now() / 60_000);
  await ports.start(`${delivery}-${minute}`, input);
  return answer(202, 'Accepted again');
};

/** Every secret is tried, so that the time it takes tells nothing of which one fitted. */
const isGenuine = async (ports: WebhookPorts, secrets: readonly string[], body: Buffer, signature: string) => {
  const fits = (valid: readonly string[]) =>
    valid.map((secret) => ports.isSigned(body, signature, secret)).includes(true);
  return fits(secrets) || fits((await ports.lookAgain()) ?? []);
};

/** GitHub keeps what it could not deliver for three days, and `reconcile` asks for it again. */
const notSetUp = ({ complain }: WebhookPorts): WebhookAnswer => {
  complain(
    'WebhookSecretMissing',
    'Run slipway setup github; deliveries that were refused meanwhile are asked for again',
  );
  return answer(503, 'Slipway has no webhook secret yet: run slipway setup github');
};

const answer = (statusCode: number, message: string): WebhookAnswer => ({
  statusCode,
  body: JSON.stringify({ message }),
});

/** The fields of a push that mean something to us, each as a string; undefined when one is missing. */
const pushOf = (body: Buffer): Readonly<Record<string, string>> | undefined => {
  const push = parsed(body);
  const repository = record(push['repository']);
  const fields = {
    repositoryId: repository['id'],
    owner: record(repository['owner'])['login'],
    name: repository['name'],
    ref: push['ref'],
    before: push['before'],
    after: afterOf(push),
    actor: record(push['sender'])['login'] ?? record(push['pusher'])['name'],
  };
  const entries = Object.entries(fields).map(([key, value]) => [
    key,
    typeof value === 'number' ? String(value) : value,
  ]);
  return entries.every(([, value]) => typeof value === 'string' && value) ? Object.fromEntries(entries) : undefined;
};

/** Of an annotated tag `after` names the tag object; what is deployed is the commit below it. */
const afterOf = (push: Readonly<Record<string, unknown>>): unknown => {
  const isTag = String(push['ref']).startsWith('refs/tags/');
  return (isTag ? record(push['head_commit'])['id'] : undefined) ?? push['after'];
};

const parsed = (body: Buffer): Readonly<Record<string, unknown>> => {
  try {
    return record(JSON.parse(body.toString('utf8')));
  } catch {
    // The caller answers 400 for every body that is no push, broken JSON included.
    return {};
  }
};

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' ? (value as Readonly<Record<string, unknown>>) : {};
