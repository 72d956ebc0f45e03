import type { CheckReport } from '../../domain/report.ts';
import type { Reporter } from '../../ports.ts';
import { type InstallationOf, named } from './installation.ts';

/** GitHub takes at most 50 annotations a request; more are counted in the summary. */
const MOST_ANNOTATIONS = 50;

/** Check runs, deployments and their statuses. */
export const gitHubReporter = (installation: InstallationOf): Reporter => ({
  check: async (repository, report, checkRunId) => {
    const client = await installation(repository);
    const at = { owner: repository.owner, repo: repository.name };
    const run = runOf(report);
    try {
      if (checkRunId !== undefined) {
        await client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
          ...at,
          check_run_id: checkRunId,
          ...run,
        });
        return checkRunId;
      }
      const created = await client.request('POST /repos/{owner}/{repo}/check-runs', {
        ...at,
        head_sha: report.commit,
        ...run,
      });
      return Number(created.data.id);
    } catch (error) {
      throw named(error);
    }
  },
  deployment: async (repository, { commit, environment, description }) => {
    const client = await installation(repository);
    const { data } = await client.request('POST /repos/{owner}/{repo}/deployments', {
      owner: repository.owner,
      repo: repository.name,
      ref: commit,
      environment,
      description: description.slice(0, 140),
      auto_merge: false,
      required_contexts: [],
    });
    return 'id' in data ? Number(data.id) : 0;
  },
  deploymentStatus: async (repository, deploymentId, state, description) => {
    const client = await installation(repository);
    await client.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
      owner: repository.owner,
      repo: repository.name,
      deployment_id: deploymentId,
      state,
      description: description.slice(0, 140),
    });
  },
});

const runOf = (report: CheckReport) => ({
  name: report.name,
  external_id: report.externalId,
  ...statusOf(report.status),
  output: {
    title: report.title,
    summary: summaryOf(report),
    annotations: report.annotations.slice(0, MOST_ANNOTATIONS).map(({ path, line, column, message }) => ({
      path,
      start_line: line,
      end_line: line,
      ...(column && { start_column: column, end_column: column }),
      annotation_level: 'failure' as const,
      message,
    })),
  },
});

const summaryOf = ({ summary, annotations }: CheckReport): string => {
  const more = annotations.length - MOST_ANNOTATIONS;
  return more > 0 ? `${summary}\n\n${more} more are not shown.` : summary;
};

const statusOf = (status: CheckReport['status']) =>
  status === 'queued' || status === 'in_progress' ? { status } : { status: 'completed' as const, conclusion: status };
