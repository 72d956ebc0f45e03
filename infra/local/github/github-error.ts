/** An error of the REST API: what octokit makes its RequestError of. */
export class GitHubError extends Error {
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'GitHubError';
    this.status = status;
    this.fields = fields;
  }
}

export const notFound = () => new GitHubError(404, 'Not Found');

/** 422 as the schema check in front of GitHub's API says it. */
export const invalidRequest = (...complaints: readonly string[]) =>
  new GitHubError(422, `Invalid request.\n\n${complaints.join('\n')}`);

/** 422 as GitHub's own validation says it. */
export const validationFailed = (resource: string, field: string, code: string) =>
  new GitHubError(422, 'Validation Failed', { errors: [{ resource, field, code }] });
