import { text } from 'node:stream/consumers';
import { Transient } from '../../functions/domain/failure.ts';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { connect, connectionOptions } from '../connection.ts';
import { messageOf } from '../message-of.ts';
import { pingWebhook } from '../setup/ping-webhook.ts';
import { setUpGitHub } from '../setup/set-up-git-hub.ts';
import { setupWishFrom } from '../setup/setup-wish.ts';
import { CALL } from '../view/names.ts';

/** Makes and keeps the GitHub App, whose secrets are born empty. */
export const setup: Command = {
  name: 'setup',
  says: 'makes the GitHub App with you and stores its secrets; run again, it shows how it stands',
  operands: ['github'],
  options: {
    organization: { value: 'NAME', says: 'the organization that the App shall belong to (you)' },
    name: { value: 'NAME', says: 'of the App, at most 34 characters (slipway-ORGANIZATION)' },
    port: { value: 'NUMBER', says: 'of the page on this machine, for a tunnel to it (any)' },
    replace: { says: 'makes another App though one is stored' },
    'app-id': { value: 'ID', says: 'takes an App that is there instead, without a browser' },
    'private-key': { value: 'FILE', says: 'a key of that App as GitHub gave it, or the new one of --rotate-key' },
    'webhook-secret-stdin': { says: 'reads its webhook secret from the standard input; else a new one is made' },
    'rotate-webhook-secret': { says: 'makes a new webhook secret and tells GitHub; the old one stays valid' },
    'drop-old-secret': { says: 'ends that, minutes later' },
    'rotate-key': { says: 'says how to replace the key of the App, and stores the new one' },
    ...connectionOptions,
  },
  run: async ({ operands: [what], ...given }, output) => {
    const wish = what === 'github' ? setupWishFrom(given) : `slipway setup knows github, found "${what}".`;
    if (typeof wish === 'string') {
      output.aside(`${wish} Nothing was done. See slipway setup --help.`);
      return 2;
    }
    const { ports, outputs, place } = await connect(given.values);
    const webhookUrl = outputs['WebhookUrl'];
    if (!webhookUrl) throw new Complaint(`Slipway on ${place} has no webhook. Nothing was changed; deploy it again.`);
    const world = { ports: { ...only(ports), ping: pingWebhook }, webhookUrl, output, call: callOf(given.values) };
    return setUpGitHub(world, wish, () => text(process.stdin)).catch((error: unknown) => {
      throw fromOutside(error) ? new Complaint(interrupted(error, world.call), { cause: error }) : error;
    });
  },
};

const only = ({ gitHubSecrets, gitHubSettings, password, clock }: Awaited<ReturnType<typeof connect>>['ports']) => ({
  gitHubSecrets,
  gitHubSettings,
  password,
  clock,
});

/** The words by which a person says the same again. */
const callOf = (values: Readonly<Record<string, string>>): string =>
  [
    `${CALL} setup github`,
    ...Object.keys(connectionOptions).flatMap((option) => (values[option] ? [`--${option} ${values[option]}`] : [])),
  ].join(' ');

/** AWS, GitHub or the network said no, in words that a person can act on. */
const fromOutside = (error: unknown): boolean =>
  error instanceof Transient ||
  (error instanceof Error && ('$metadata' in error || 'status' in error || error.cause !== undefined));

const interrupted = (error: unknown, call: string): string =>
  `${messageOf(error)}. The setup stopped half way, and what was stored stays. Put right what is said here, then run ${call}: it shows how it stands and goes on.`;
