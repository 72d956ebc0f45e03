import type { Arguments } from '../arguments.ts';

/** What `slipway setup github` is asked to do. */
export type SetupWish =
  | { readonly kind: 'look-or-create'; readonly creation: Creation; readonly replace: boolean }
  | { readonly kind: 'adopt'; readonly appId: number; readonly keyFile: string; readonly secretFromStdin: boolean }
  | { readonly kind: 'rotate-webhook-secret' }
  | { readonly kind: 'drop-old-secret' }
  | { readonly kind: 'rotate-key'; readonly keyFile: string | undefined };

/** How the App is to be made. */
export interface Creation {
  /** Whose App it is; of the person at the browser when it is left out. */
  readonly organization: string | undefined;
  readonly name: string | undefined;
  readonly port: number;
}

/** Reads the options, or says which of them cannot stand together. */
export const setupWishFrom = ({ switches, values }: Pick<Arguments, 'switches' | 'values'>): SetupWish | string => {
  const given = [...switches, ...Object.keys(values)];
  const deed = DEEDS.find((option) => given.includes(option)) ?? 'create';
  const stranger = given.find((option) => !TOGETHER[deed].includes(option) && !EVERYWHERE.includes(option));
  if (stranger) return deed === 'create' ? `--${stranger} needs --app-id ID.` : `--${deed} takes no --${stranger}.`;
  switch (deed) {
    case 'rotate-webhook-secret':
    case 'drop-old-secret':
      return { kind: deed };
    case 'rotate-key':
      return { kind: deed, keyFile: values['private-key'] };
    case 'app-id':
      return adoption(values, switches);
    case 'create':
      return creation(values, switches);
  }
};

const DEEDS = ['rotate-webhook-secret', 'drop-old-secret', 'rotate-key', 'app-id'] as const;

const TOGETHER: Readonly<Record<(typeof DEEDS)[number] | 'create', readonly string[]>> = {
  'rotate-webhook-secret': ['rotate-webhook-secret'],
  'drop-old-secret': ['drop-old-secret'],
  'rotate-key': ['rotate-key', 'private-key'],
  'app-id': ['app-id', 'private-key', 'webhook-secret-stdin'],
  create: ['organization', 'name', 'port', 'replace'],
};

const EVERYWHERE = ['directory', 'stack', 'stage'];

type Values = Arguments['values'];

const adoption = (values: Values, switches: ReadonlySet<string>): SetupWish | string => {
  const { 'app-id': id = '', 'private-key': keyFile } = values;
  if (!/^[1-9]\d{0,14}$/.test(id))
    return `--app-id takes the number that the App's page shows as "App ID", found "${id}".`;
  if (!keyFile) return '--app-id needs --private-key FILE: a key of that App, as GitHub gave it.';
  return { kind: 'adopt', appId: Number(id), keyFile, secretFromStdin: switches.has('webhook-secret-stdin') };
};

const creation = (values: Values, switches: ReadonlySet<string>): SetupWish | string => {
  const { organization, name, port = '0' } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return `--port takes a number up to 65535, found "${port}".`;
  if (organization && !/^[\dA-Za-z][\dA-Za-z-]*$/.test(organization))
    return `--organization takes the name in the organization's address, found "${organization}".`;
  return {
    kind: 'look-or-create',
    creation: { organization, name, port: Number(port) },
    replace: switches.has('replace'),
  };
};
