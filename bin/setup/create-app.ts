import { createPrivateKey } from 'node:crypto';
import { type AppDescription, appManifest, LONGEST_APP_NAME } from '../../functions/domain/git-hub-app.ts';
import { type AppSecrets, storeGitHubApp } from '../../functions/operations/store-git-hub-app.ts';
import { Complaint } from '../complaint.ts';
import { messageOf } from '../message-of.ts';
import { type BroughtCode, startCodeReceiver } from './code-receiver.ts';
import { agreeOnSecret } from './finish-setup.ts';
import { manifestPage, resultPage } from './manifest-page.ts';
import { storedForm } from './read-private-key.ts';
import type { Creation } from './setup-wish.ts';
import type { SetupWorld } from './setup-world.ts';

/** GitHub converts a code for an hour. */
const PATIENCE_MINUTES = 60;

/** Makes the App on GitHub, with a person at a browser, and stores what GitHub hands out for it. */
export const createApp = async (world: SetupWorld, creation: Creation): Promise<void> => {
  const { ports, output } = world;
  const { appId, privateKey } = await made(world, creation);
  await agreeOnSecret(world, { appId, privateKey }, { kind: 'kept' });
  const described = await ports.gitHubSettings.describe({ appId, privateKey });
  if (described.kind === 'known') await waitForInstallation(world, { appId, privateKey }, described.description);
  else output.aside(`GitHub does not know the new App yet: ${described.message}.`);
};

const made = async ({ ports, webhookUrl, output, call }: SetupWorld, creation: Creation) => {
  const { organization, port } = creation;
  const { webUrl } = ports.gitHubSettings;
  const place = organization ? `${webUrl}/organizations/${organization}` : webUrl;
  const name = creation.name ?? nameFor(organization ?? hostLabel(webhookUrl));
  const receiver = await startCodeReceiver(port, ({ redirectUrl, state }) =>
    manifestPage(`${place}/settings/apps/new?state=${state}`, appManifest({ name, webhookUrl, redirectUrl })),
  );
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Complaint(tooLate(call))), PATIENCE_MINUTES * 60_000);
  try {
    output.line(`Open this page in a browser on this machine, and press the button: ${receiver.pageUrl}`);
    output.aside(
      `GitHub asks you to confirm the App "${name}"${organization ? ` of ${organization}` : ''}. Ctrl-C ends this without any effect.`,
    );
    return await takeOver(ports, await Promise.race([receiver.brought, late.promise]), call);
  } finally {
    clearTimeout(timer);
    await receiver.close();
  }
};

const takeOver = async (ports: SetupWorld['ports'], { code, answer }: BroughtCode, call: string) => {
  try {
    const { description, ...handed } = await converted(ports, code, call);
    await stored(ports, handed, description, call);
    await answer(
      resultPage('Slipway has its GitHub App', 'Its keys are stored. Install it on the repositories to be deployed.', {
        url: `${description.url}/installations/new`,
        text: `Install ${description.name}`,
      }),
    );
    return handed.app;
  } catch (error) {
    await answer(resultPage('That did not work', 'The terminal says why, and what to do.'));
    throw error;
  }
};

const converted = async ({ gitHubSettings }: SetupWorld['ports'], code: string, call: string) => {
  try {
    const { app, ...rest } = await gitHubSettings.convert(code);
    return { ...rest, app: { ...app, privateKey: storedForm(createPrivateKey(app.privateKey)) } };
  } catch (error) {
    throw new Complaint(
      `GitHub did not hand out the keys of the new App: ${messageOf(error)}. Nothing was stored. Delete the App on GitHub if it is there, and run ${call} again.`,
      { cause: error },
    );
  }
};

/** GitHub shows a key once. */
const stored = async (ports: SetupWorld['ports'], secrets: AppSecrets, app: AppDescription, call: string) => {
  try {
    await storeGitHubApp(ports, secrets);
  } catch (error) {
    throw new Complaint(
      `The App ${app.name} (App ID ${app.id}) was made, but its secrets could not be stored: ${messageOf(error)}. Make a new key on ${app.settingsUrl} under "Private keys", then run ${call} --app-id ${app.id} --private-key FILE.`,
      { cause: error },
    );
  }
};

const BETWEEN_LOOKS_MILLIS = 3_000;
const MOST_LOOKS = 200;

/** Ten minutes for the person to choose repositories; what comes later is shown by the next run. */
const waitForInstallation = async (
  { ports, output, call }: SetupWorld,
  app: AppSecrets['app'],
  { url, name }: AppDescription,
): Promise<void> => {
  output.line(`Install it on the repositories to be deployed: ${url}/installations/new`);
  output.aside(`Waiting until ${name} is installed. Ctrl-C ends the waiting alone; ${call} shows how it stands.`);
  for (let look = 0; look < MOST_LOOKS; look++) {
    if ((await ports.gitHubSettings.installations(app)).length > 0) return;
    await ports.clock.sleep(BETWEEN_LOOKS_MILLIS);
  }
};

const tooLate = (call: string) =>
  `Nobody confirmed the App within ${PATIENCE_MINUTES} minutes. Nothing was stored; run ${call} again.`;

/** Names of Apps are taken worldwide: an owner's name or the API's id makes a free one likely. */
const nameFor = (whose: string): string => `slipway-${whose}`.slice(0, LONGEST_APP_NAME).replace(/-$/, '');

const hostLabel = (url: string): string => new URL(url).hostname.split('.')[0] ?? '';
