import type { CheckReport } from '../../domain/report.ts';
import type { Reporter } from '../../ports.ts';
import type { AsInstallation } from './installation.ts';

/** GitHub takes at most 50 annotations a request; more are counted in the summary. */
const MOST_ANNOTATIONS = 50;

/** https://docs.github.com/en/rest/checks/runs#create-a-check-run, `output.summary`; GitHub says characters and counts bytes. */
const LONGEST_SUMMARY_BYTES = 65_535;

/** A longer one is refused together with the whole check. */
const LONGEST_TITLE = 255;

/** https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status, `description` */
const LONGEST_DESCRIPTION = 140;

/** Check runs, deployments and their statuses. */
export const gitHubReporter = (asInstallation: AsInstallation): Reporter => ({
  check: (repository, report, checkRunId) =>
    asInstallation(repository, async (client, at) => {
      const run = runOf(report);
      if (checkRunId !== undefined) {
        const standing = { ...at, check_run_id: checkRunId };
        await client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...standing, ...run });
        return checkRunId;
      }
      const created = await client.request('POST /repos/{owner}/{repo}/check-runs', {
        ...at,
        head_sha: report.commit,
        ...run,
      });
      return Number(created.data.id);
    }),
  deployment: (repository, { commit, environment, description }) =>
    asInstallation(repository, async (client, at) => {
      const { data } = await client.request('POST /repos/{owner}/{repo}/deployments', {
        ...at,
        ref: commit,
        environment,
        description: shortened(description, LONGEST_DESCRIPTION),
        auto_merge: false,
        required_contexts: [],
      });
      if ('id' in data) return Number(data.id);
      throw new Error(`GitHub made no deployment of ${commit}: ${data.message}`);
    }),
  deploymentStatus: (repository, deploymentId, state, description) =>
    asInstallation(repository, async (client, at) => {
      await client.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
        ...at,
        deployment_id: deploymentId,
        state,
        description: shortened(description, LONGEST_DESCRIPTION),
      });
    }),
});

const runOf = (report: CheckReport) => ({
  name: report.name,
  external_id: report.externalId,
  ...statusOf(report.status),
  output: {
    title: shortened(report.title, LONGEST_TITLE),
    summary: withinBytes(summaryOf(report), LONGEST_SUMMARY_BYTES),
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

const withinBytes = (text: string, most: number): string => {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= most) return text;
  // What is left of a character that was cut in two decodes to U+FFFD.
  return `${new TextDecoder().decode(bytes.subarray(0, most - 3)).replace(/\uFFFD$/, '')}…`;
};

/** Never half a character: a lone surrogate is no text. */
const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
