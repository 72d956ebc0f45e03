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
    const check = checkOf(deployment, commit);
    const checked = await ports.reporter.check(repository, check, checkRunId);
    // GitHub would show the commit as what runs in the environment.
    if (!deploysRelease(deployment.strategy)) {
      if (checked !== checkRunId) await ports.deployments.note(id, { checkRunId: checked });
      return;
    }
    const deployed =
      githubDeploymentId ??
      (await ports.reporter.deployment(repository, {
        commit,
        environment,
        description: `${deployment.application} by Slipway`,
      }));
    if (checked !== checkRunId || deployed !== githubDeploymentId)
      await ports.deployments.note(id, { checkRunId: checked, githubDeploymentId: deployed });
    await ports.reporter.deploymentStatus(repository, deployed, deploymentStateOf(deployment.status), check.title);
  } catch (error) {
    ports.log.error('ReportFailed', { deploymentId: deployment.id, error: String(error) });
    ports.log.count('ReportFailures');
  }
};
