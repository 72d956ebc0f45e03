import type { ClusterSite, Stage } from '../../infra/aws/stage.ts';
import type { Place, SettingsOf } from './account.ts';
import { checkAdminSecrets } from './check-admin-secrets.ts';
import { checkBootstrap } from './check-bootstrap.ts';
import { checkClusterFacts } from './check-cluster-facts.ts';
import { checkClusterStack, checkEnvironment } from './check-cluster-stack.ts';
import { checkConcurrency } from './check-concurrency.ts';
import { checkCredentials } from './check-credentials.ts';
import { checkDeployRights } from './check-deploy-rights.ts';
import { checkEvents, type EventWait } from './check-events.ts';
import { checkExecutionRole } from './check-execution-role.ts';
import { checkGitHubApp } from './check-git-hub-app.ts';
import { checkNetwork } from './check-network.ts';
import { checkWebhook } from './check-webhook.ts';
import { after, type ControlPlane, checkControlPlane } from './control-plane.ts';
import type { Check } from './diagnosis.ts';

/** What is looked at, and how it is reached. */
export interface Patient {
  readonly stage: Stage;
  /** Those of the stage, or the one of the environment that is asked for. */
  readonly sites: readonly ClusterSite[];
  readonly environment: string | undefined;
  readonly settingsOf: SettingsOf;
  readonly control: Promise<ControlPlane>;
  /** How a control plane comes about, as a sentence. */
  readonly deploy: string;
  readonly wait: () => EventWait;
}

/** What an account has to bring before CDK can deploy to it. */
export const checksBefore = ({ stage, sites, settingsOf }: Patient): readonly Check[] => {
  const own = settingsOf(stage);
  return [
    checkCredentials(own, stage),
    ...placesOf(stage, sites).flatMap((place) => [
      checkBootstrap(settingsOf(place), place, stage.account),
      checkDeployRights(own, place),
    ]),
    ...sites.map((site) => checkNetwork(settingsOf(site), site)),
  ];
};

/** What a Slipway needs wherever it runs. Those of a control plane wait until there is one. */
export const checksOfSlipway = (patient: Patient): readonly Check[] => {
  const { stage, sites, environment, settingsOf, control, deploy, wait } = patient;
  return [
    checkConcurrency(settingsOf(stage), stage),
    ...sites.flatMap((site) => [checkExecutionRole(settingsOf(site), site), checkAdminSecrets(settingsOf(site), site)]),
    checkControlPlane(control, deploy),
    { name: 'GitHub App', run: after(control, deploy, checkGitHubApp) },
    { name: 'webhook', run: after(control, deploy, checkWebhook) },
    ...sites.flatMap((site): readonly Check[] => [
      {
        name: `cluster ${site.name}`,
        run: after(control, deploy, (deployed) => checkClusterStack(deployed, site)),
      },
      {
        name: `facts of cluster ${site.name}`,
        run: after(control, deploy, (deployed) => checkClusterFacts(deployed, site, settingsOf(site))),
      },
      {
        name: `events of cluster ${site.name}`,
        run: after(control, deploy, (deployed) => checkEvents(deployed, site, wait())),
      },
      ...(environment === undefined
        ? []
        : [
            {
              name: `environment ${environment}`,
              run: after(control, deploy, (deployed) => checkEnvironment(deployed, environment, site)),
            },
          ]),
    ]),
  ];
};

/** Every account and region once, that of the control plane first. */
const placesOf = (stage: Stage, sites: readonly ClusterSite[]): readonly Place[] => [
  ...new Map([stage, ...sites].map(({ account, region }) => [`${account} ${region}`, { account, region }])).values(),
];
