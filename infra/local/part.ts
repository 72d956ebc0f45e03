import type { Clock } from './clock.ts';
import type { Store } from './store.ts';
import type { WireService } from './wire/service.ts';

/** What every part of the embedded cloud is given. */
export interface World {
  readonly clock: Clock;
  readonly store: Store;
  readonly account: string;
  readonly region: string;
  /**
   * How long an operation takes, in milliseconds; the name is `service.operation`, such as `cloudformation.update`, and
   * `what` says of which kind or thing: a resource type, a function, the operation of a call.
   */
  latency(operation: string, what?: string): number;
  /** Puts an AWS service event on the default event bus. */
  emit(event: CloudEvent): void;
  /** A free line for the cloud's own log file; never holds a secret. */
  log(line: string): void;
}

/** An event as a service sends it; the bus adds id, time, account and region. */
export interface CloudEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources?: readonly string[];
  readonly detail: object;
}

/** One part: the AWS services it answers for, the CloudFormation types it makes, and its life. */
export interface Part {
  /** Keyed by the service name of the request signature's scope (`states`, `ecs`, `cloudformation`, ...). */
  readonly services?: readonly WireService[];
  /** Keyed by CloudFormation type. */
  readonly resources?: Readonly<Record<string, ResourceProvider>>;
  /** Takes up again what was open when the store was last closed. */
  start?(): Promise<void>;
  /** Leaves nothing running; what is open stays in the store. */
  stop?(): Promise<void>;
}

/** Makes, changes and removes the resources of one CloudFormation type; properties arrive fully resolved. */
export interface ResourceProvider {
  create(request: ResourceRequest): Promise<Resource>;
  /** Changes in place; a change that needs replacement arrives as `create` then `delete` of the old one. */
  update(request: ResourceRequest & { readonly physicalId: string; readonly previous: Properties }): Promise<Resource>;
  delete(request: ResourceRequest & { readonly physicalId: string }): Promise<void>;
  /** How one that exists already is taken into a stack; a type without it cannot be imported. */
  readonly importing?: Importing;
}

export interface Importing {
  /** The type's primary identifier: names of properties, such as `BucketName`. */
  readonly identifier: readonly string[];
  /** What stands behind the values of the identifier; undefined when nothing does. Changes nothing. */
  find(identifier: Readonly<Record<string, string>>): Promise<Resource | undefined>;
}

export type Properties = Readonly<Record<string, unknown>>;

export interface ResourceRequest {
  readonly type: string;
  readonly logicalId: string;
  readonly properties: Properties;
  readonly stackName: string;
  readonly stackId: string;
  /** The same for the same (stack, logical id, generation): names and ids that a provider makes up derive from it. */
  readonly seed: string;
  /** Aborts when the update that asked for it is cancelled; a long wait (a service that never gets steady) ends then. */
  readonly signal: AbortSignal;
}

/** `physicalId` is what Ref gives, `attributes` what Fn::GetAtt gives (`Arn`, `Endpoint.Address`, ...). */
export interface Resource {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Thrown by a `create` that failed after it had made something: what it names is deleted in the rollback. */
export class ResourceFailure extends Error {
  override readonly name = 'ResourceFailure';
  readonly physicalId: string;

  constructor(message: string, physicalId: string) {
    super(message);
    this.physicalId = physicalId;
  }
}
