import type { Deployment } from '../domain/deployment/deployment.ts';
import { checkOf, commitOf, deploymentStateOf, repositoryOf } from '../domain/deployment/report.ts';
import { deploysRelease } from '../domain/plan/strategy.ts';
import type { Ports } from '../ports.ts';

export type ReportPorts = Pick<Ports, 'reporter' | 'deployments' | 'configuration' | 'log'>;

/**
 * Tells GitHub where a deployment stands: a check run, and a GitHub deployment where a release is deployed. A failure to tell is logged and
 * counted; it is never the reason a deployment fails.
 */
export const report = async (ports: ReportPorts, deployment: Deployment): Promise<void> => {
  const repository = repositoryOf(deployment);
  const commit = commitOf(deployment);
  if (!repository || !commit) return;
  try {
    const configured = await ports.configuration.findRepository(repository.id);
    if (configured?.checksEnabled === false) return;
    const { environment, id, checkRunId, githubDeploymentId } = deployment;
    const tell = () => ports.reporter.check(repository, checkOf(deployment, commit), checkRunId);
    const state = (deployed: number, now = deployment) =>
      ports.reporter.deploymentStatus(repository, deployed, deploymentStateOf(now.status), checkOf(now, commit).title);
    // GitHub would show the commit as what runs in the environment.
    if (!deploysRelease(deployment.strategy)) {
      const checked = await tell();
      if (checked !== checkRunId) await ports.deployments.note(id, { checkRunId: checked });
      return;
    }
    if (checkRunId !== undefined && githubDeploymentId !== undefined) {
      await Promise.all([tell(), state(githubDeploymentId)]);
      return;
    }
    const description = `${deployment.application} by Slipway`;
    const [checked, deployed] = await Promise.all([
      tell(),
      githubDeploymentId ?? ports.reporter.deployment(repository, { commit, environment, description }),
    ]);
    // Before anything else can fail: the next report is to find both.
    const noted = await ports.deployments.note(id, { checkRunId: checked, githubDeploymentId: deployed });
    // It may have gone on while they were made, and whoever told of that could not know of them.
    const now = noted.record ?? deployment;
    const again =
      now.status === deployment.status ? [] : [ports.reporter.check(repository, checkOf(now, commit), checked)];
    await Promise.all([state(deployed, now), ...again]);
  } catch (error) {
    ports.log.error('ReportFailed', { deploymentId: deployment.id, error: String(error) });
    ports.log.count('ReportFailures');
  }
};
