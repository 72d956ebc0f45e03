import { stringify } from 'yaml';
import type { AppInstallation, InstalledRepository } from '../../functions/domain/git-hub-app.ts';
import type { GitHubSetup } from '../../functions/operations/look-at-git-hub-app.ts';

type Stored = Extract<GitHubSetup, { kind: 'stored' }>;

/** The App as it stands. */
export const appLines = ({ description, hookUrl, webhookSecrets }: Stored): readonly string[] => [
  `GitHub App ${description.name} (App ID ${description.id}) of ${description.owner}`,
  `  page       ${description.url}`,
  `  settings   ${description.settingsUrl}`,
  `  deliveries ${hookUrl ?? 'go nowhere'}${webhookSecrets > 1 ? `; ${webhookSecrets} secrets are valid` : ''}`,
];

/** Of how many repositories the lines for the configuration are shown. */
const MOST_REPOSITORIES = 20;

export interface InstalledOn {
  readonly installation: AppInstallation;
  readonly total: number;
  readonly first: readonly InstalledRepository[];
}

/** Where the App is installed, and what to write into the configuration. */
export const installationLines = (installed: readonly InstalledOn[]): readonly string[] => {
  const shown = installed.flatMap(({ installation, first }) => first.map((each) => ({ ...each, installation })));
  const total = installed.reduce((sum, each) => sum + each.total, 0);
  const some = shown.slice(0, MOST_REPOSITORIES);
  return [
    ...installed.map(
      ({ installation: { id, account, suspended }, total: count }) =>
        `  installed  ${account}: installation ${id}, ${count} ${count === 1 ? 'repository' : 'repositories'}${suspended ? ', suspended' : ''}`,
    ),
    ...(some.length > 0
      ? [
          '',
          INTO,
          '',
          ...stringify({ repositories: some.map(entry) })
            .trimEnd()
            .split('\n'),
        ]
      : []),
    ...(total > some.length ? [`  # and ${total - some.length} more`] : []),
  ];
};

const INTO = 'What Slipway shall deploy goes into your configuration (slipway apply FILE):';

/** Ids are texts there: they may have more digits than a number keeps. */
const entry = ({
  owner,
  name,
  id,
  installation,
}: InstalledRepository & { readonly installation: AppInstallation }) => ({
  owner,
  name,
  id: String(id),
  installationId: String(installation.id),
  targets: [{ branch: 'main', environment: 'NAME' }],
});
