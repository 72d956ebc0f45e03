/** The GitHub App as it stands in its secret. */
export interface GitHubApp {
  readonly appId: number | string;
  readonly privateKey: string;
}

/** All that Slipway's calls of GitHub need; a test holds the two against each other. */
export const appPermissions = { metadata: 'read', contents: 'read', checks: 'write', deployments: 'write' } as const;

export const appEvents = ['push'] as const;

/** An App as GitHub describes it. */
export interface AppDescription {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: string;
  /** Where everybody sees it, and installs it. */
  readonly url: string;
  /** Where its owner changes it. */
  readonly settingsUrl: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/** An account that lets the App reach some of its repositories. */
export interface AppInstallation {
  readonly id: number;
  readonly account: string;
  readonly suspended: boolean;
}

export interface InstalledRepository {
  readonly owner: string;
  readonly name: string;
  readonly id: number;
}

/** What the App was not granted of what Slipway needs, such as `checks: write` or `the event push`. */
export const missingGrants = ({
  permissions,
  events,
}: Pick<AppDescription, 'permissions' | 'events'>): readonly string[] => [
  ...Object.entries(appPermissions)
    .filter(([name, level]) => permissions[name] !== 'write' && permissions[name] !== level)
    .map(([name, level]) => `${name}: ${level}`),
  ...appEvents.filter((event) => !events.includes(event)).map((event) => `the event ${event}`),
];

/** GitHub takes no longer names, and no name twice in the whole world. */
export const LONGEST_APP_NAME = 34;

export interface ManifestWish {
  readonly name: string;
  readonly webhookUrl: string;
  /** Where the browser brings the code. */
  readonly redirectUrl: string;
}

/** The form that makes the App: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
export const appManifest = ({ name, webhookUrl, redirectUrl }: ManifestWish) => ({
  name,
  description: 'Deploys what is pushed',
  url: new URL(webhookUrl).origin,
  hook_attributes: { url: webhookUrl, active: true },
  redirect_url: redirectUrl,
  // Its owner alone may install it: whoever could would make Slipway listen to repositories of their own.
  public: false,
  default_permissions: appPermissions,
  default_events: appEvents,
});
