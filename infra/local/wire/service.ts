/** Who signed a request: found by the access key id; the secret and the signature itself are not checked. */
export interface Caller {
  readonly accessKeyId: string;
  /** The role whose policies bind the caller; undefined for the operator, who may do everything. */
  readonly roleArn?: string;
  /** As STS would name it: `arn:aws:sts::{account}:assumed-role/{role}/{session}` or the account's root. */
  readonly arn: string;
}

export interface WireRequest {
  readonly method: string;
  /** Path without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly caller: Caller;
}

export interface WireResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request that carries no signature. */
export interface UnsignedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** The whole header; empty when there is none. */
  readonly authorization: string;
}

/** One AWS service on the wire. */
export interface WireService {
  /** The service name of the credential scope: `states`, `ecs`, `cloudformation`, `s3`, ... */
  readonly scope: string;
  handle(request: WireRequest, authorize: Authorize): Promise<WireResponse>;
}

/**
 * Throws AccessDenied, in AWS's words, unless the caller's role allows the action on every resource named;
 * `context` holds the service's condition keys, such as `iam:PassedToService`.
 */
export type Authorize = (
  action: string,
  resources: readonly string[],
  context?: Readonly<Record<string, string>>,
) => void;

/** One operation of a JSON or query service. */
export interface Operation {
  /** IAM resources the call touches; none means `*`. */
  resources?(input: Input): readonly string[];
  /** IAM actions, when they are not `{prefix}:{operation}`. */
  readonly actions?: readonly string[];
  /** Further permissions the same call needs, such as `iam:PassRole` on a role that it hands on. */
  alsoNeeds?(input: Input): readonly Needed[];
  run(input: Input, caller: Caller): unknown;
}

/** One permission, as Authorize takes it. */
export interface Needed {
  readonly action: string;
  readonly resources: readonly string[];
  readonly context?: Readonly<Record<string, string>>;
}

/** A decoded request body; each operation narrows what it reads. */
// biome-ignore lint/suspicious/noExplicitAny: the wire is untyped by nature, and the SDK clients drive it in every test
export type Input = any;

/** An error with an AWS error code; it goes out on the wire in the form of the protocol. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}

/** Any thrown value as an AwsError: what is none is an internal failure of the embedded cloud, and says so. */
export const awsErrorFrom = (error: unknown): AwsError =>
  error instanceof AwsError
    ? error
    : new AwsError('InternalFailure', error instanceof Error ? `${error.message}\n${error.stack}` : String(error), 500);
