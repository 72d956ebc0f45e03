import type { Input } from '../wire/service.ts';

/** What a manifest asks for: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
export interface AppManifest {
  readonly name: string;
  readonly redirectUrl: string;
  readonly hookUrl?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

const LONGEST_NAME = 34;

/** Of the many there are, those that an App like this could ask for. */
const PERMISSIONS = ['metadata', 'contents', 'checks', 'deployments', 'statuses', 'pull_requests', 'issues', 'actions'];

/** Events by the permission without which an App cannot hear them. */
const EVENTS: Readonly<Record<string, string>> = {
  push: 'contents',
  create: 'contents',
  delete: 'contents',
  release: 'contents',
  check_run: 'checks',
  check_suite: 'checks',
  deployment: 'deployments',
  deployment_status: 'deployments',
  status: 'statuses',
  pull_request: 'pull_requests',
};

/** Reads a manifest; a list of complaints when GitHub would show its form again. */
export const manifestFrom = (text: string): AppManifest | readonly string[] => {
  const manifest = jsonOf(text);
  if (!manifest) return ['manifest: no JSON object'];
  const { name, url, redirect_url, hook_attributes, default_permissions = {}, default_events = [] } = manifest;
  const complaints = [
    ...(typeof name === 'string' && name.length > 0 && name.length <= LONGEST_NAME
      ? []
      : [`name: 1 to ${LONGEST_NAME} characters`]),
    ...[
      ['url', url],
      ['redirect_url', redirect_url],
      ...(hook_attributes ? [['hook_attributes.url', hook_attributes.url]] : []),
    ].flatMap(([field, value]) => (isWebAddress(value) ? [] : [`${field}: must be a URL`])),
    ...Object.entries(default_permissions).flatMap(([permission, level]) =>
      PERMISSIONS.includes(permission) && (level === 'read' || level === 'write')
        ? []
        : [`default_permissions: ${permission}: ${level} is not a permission`],
    ),
    ...default_events.flatMap((event: string) => unheard(event, default_permissions)),
  ];
  if (complaints.length > 0) return complaints;
  return {
    name,
    redirectUrl: redirect_url,
    ...(hook_attributes && { hookUrl: hook_attributes.url }),
    permissions: default_permissions,
    events: default_events,
  };
};

const unheard = (event: string, permissions: Input): readonly string[] => {
  const needed = EVENTS[event];
  if (needed === undefined) return [`default_events: ${event} is not an event`];
  return permissions[needed] ? [] : [`default_events: ${event} is not supported without the permission ${needed}`];
};

const isWebAddress = (value: unknown): boolean => typeof value === 'string' && /^https?:\/\/./.test(value);

const jsonOf = (text: string): Input | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    // The caller says what is wrong with it.
    return undefined;
  }
};
