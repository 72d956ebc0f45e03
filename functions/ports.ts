// What operations need from the world, written by them as consumers. Each port has one contract suite that its fake
// and its real adapter pass. Times are ISO strings unless a name says otherwise; every read is strongly consistent
// unless it says "hint".
import type { z } from 'zod';
import type { Callback, Outcome } from './domain/callback.ts';
import type { ConfigurationFile, ReadConfiguration } from './domain/configuration/configuration-error.ts';
import type {
  Deployment,
  DeploymentEvent,
  DeploymentStatus,
  RepositoryRef,
  Step,
} from './domain/deployment/deployment.ts';
import type { DeploymentFacts } from './domain/deployment/record.ts';
import type { Cluster } from './domain/environment/cluster.ts';
import type { ClusterCheck } from './domain/environment/cluster-check.ts';
import type { Environment } from './domain/environment/environment.ts';
import type { DeliveryLook, HookDelivery } from './domain/failed-delivery.ts';
import type { AppDescription, AppInstallation, GitHubApp, InstalledRepository } from './domain/git-hub-app.ts';
import type { AcceptedCommit, PushRequest } from './domain/lost-push.ts';
import type { Counter, Gauge } from './domain/metrics.ts';
import type { ResourceChange } from './domain/plan/plan.ts';
import type { CheckReport, DeploymentState } from './domain/report.ts';
import type { Stack, StackEvent } from './domain/stack/stack.ts';
import type { ListenerRecord, PriorityWish } from './domain/template/rule-priorities.ts';
import type { Template } from './domain/template/template.ts';

export interface Clock {
  now(): Date;
  /** For the few short looks that a task may take; never for waiting. */
  sleep(millis: number): Promise<void>;
}

/** sha256 in hex. */
export type Hash = (text: string) => string;

/** The answer of a conditional write: the record as written, or why it was refused and the record as it is. */
export type Written<T> =
  | { readonly kind: 'moved'; readonly record: T }
  /** The write had been made before by the same caller. */
  | { readonly kind: 'repeated'; readonly record: T }
  | {
      readonly kind: 'refused';
      /** Fixed name to decide by, such as `QueueFull`, `StaleFence`, `MovedOn`. */
      readonly code?: string;
      /** A sentence for an operator. */
      readonly reason: string;
      readonly record: T | undefined;
    };

export interface StackStore {
  find(name: string): Promise<Stack | undefined>;
  /** One conditional write, derived from the transition table; codes in domain/stack/refusal.ts. */
  apply(
    name: string,
    event: StackEvent,
    identity?: { environment: string; application: string },
  ): Promise<Written<Stack>>;
  /** Hint: stacks that somebody has to look after (domain/stack/stack.ts `isBusy`), by name. */
  listBusy(): Promise<readonly Stack[]>;
  /** Hint: all stacks, by name. */
  list(): Promise<readonly Stack[]>;
}

export interface DeploymentStore {
  find(id: string): Promise<Deployment | undefined>;
  /** Creates it QUEUED; the record must not exist. */
  create(deployment: Deployment): Promise<Written<Deployment>>;
  apply(id: string, event: DeploymentEvent): Promise<Written<Deployment>>;
  /**
   * Writes one step of a deployment that holds this fence; returns the record as it stands.
   * @throws StepFailure StaleFence or NoSuchDeployment.
   */
  putStep(id: string, fence: number, step: Step): Promise<Deployment>;
  /** Writes facts that are no status: plan, approval, check run ids, who cancelled. */
  note(id: string, facts: DeploymentFacts): Promise<Written<Deployment>>;
  /** Hint: deployments that have not ended, oldest first. */
  listOpen(): Promise<readonly Deployment[]>;
  /** Hint: newest first. */
  listOfStack(stackName: string, limit: number): Promise<readonly Deployment[]>;
}

export interface CallbackStore {
  find(token: string): Promise<Callback | undefined>;
  /** Stores a new INTENDED record, or rewrites task token and time of one that is not COMPLETED. Returns what stands now. */
  intend(callback: Callback): Promise<Callback>;
  markCalled(token: string): Promise<void>;
  /** Stores the outcome if none is stored; returns the record as it stands. */
  complete(token: string, outcome: Outcome): Promise<Callback>;
  /** After the state machine was told: the record is open no longer. */
  markTold(token: string): Promise<void>;
  /** Hint: records whose state machine has not been told how it ended, oldest first. */
  listOpen(): Promise<readonly Callback[]>;
  /** Hint: open records of a stack, of an image, ...: the subjects of domain/token.ts. */
  listOpenBySubject(subject: string): Promise<readonly Callback[]>;
}

/** One database that PG steps keep; key `{environment}/{databaseName}`. */
export interface DatabaseRecord {
  readonly environment: string;
  readonly databaseName: string;
  readonly application: string;
  readonly key: string;
  readonly serverGroup: string;
  /** Of the application's login and of the migrator's; both are left out where one logs in by IAM. */
  readonly secretArn?: string;
  readonly migratorSecretArn?: string;
  /** Absent while nobody can log in: it is being made, or has been destroyed. */
  readonly login?: string;
}

export interface DatabaseStore {
  find(environment: string, databaseName: string): Promise<DatabaseRecord | undefined>;
  /** Refused when another application owns the name. */
  put(record: DatabaseRecord): Promise<Written<DatabaseRecord>>;
}

/** A target: pushes to (repository, branch or tag glob) deploy an application to an environment. */
export interface Target {
  readonly repositoryId: string;
  readonly ref: string;
  readonly environment: string;
  /** Path of the application file; the four known paths are tried when it is left out. */
  readonly application?: string;
}

export interface Repository extends RepositoryRef {
  readonly checksEnabled: boolean;
  readonly targets: readonly Target[];
  /** GitHub could not be asked where the branches stood when the targets were changed from `before`. */
  readonly headsUnknown?: { readonly since: string; readonly before: readonly Target[] };
}

export interface ConfigurationStore {
  findRepository(id: string): Promise<Repository | undefined>;
  findRepositoryByName(owner: string, name: string): Promise<Repository | undefined>;
  /** Hint: all repositories, by id. */
  listRepositories(): Promise<readonly Repository[]>;
  /** The heads of a repository are known now, unless its targets were changed after `since`. */
  headsKnown(repositoryId: string, since: string): Promise<void>;
  findEnvironment(name: string): Promise<Environment | undefined>;
  findCluster(name: string): Promise<Cluster | undefined>;
  putRepository(repository: Repository): Promise<void>;
  putEnvironment(environment: Environment): Promise<void>;
  putCluster(cluster: Cluster): Promise<void>;
  listEnvironments(): Promise<readonly Environment[]>;
}

/** Where one (repository, ref, environment, application) stands: the last commit accepted, and how often it moved. */
export interface TargetHead {
  readonly after: string;
  readonly n: number;
}

export interface TargetStore {
  find(key: string): Promise<TargetHead | undefined>;
  /** Moves the head from what was read; refused when someone else moved it. */
  move(key: string, from: TargetHead | undefined, to: TargetHead): Promise<Written<TargetHead>>;
  /** By domain/lost-push.ts `acceptedKey`. */
  findAccepted(key: string): Promise<AcceptedCommit | undefined>;
  /** Refused when something later is on record: `moveAccepted`. */
  accept(key: string, commit: AcceptedCommit): Promise<Written<AcceptedCommit>>;
  /** By `pushRequestKey`. */
  findRequest(key: string): Promise<PushRequest | undefined>;
  putRequest(key: string, request: PushRequest): Promise<void>;
  findLook(): Promise<DeliveryLook | undefined>;
  putLook(look: DeliveryLook): Promise<void>;
}

/** Which priorities of a listener are kept for which stacks, from before their rules exist. */
export interface ListenerStore {
  find(listenerArn: string): Promise<ListenerRecord | undefined>;
  /** By domain/template/rule-priorities.ts `reservePriorities`; refused with `PrioritiesExhausted`. */
  reserve(wish: PriorityWish): Promise<Written<ListenerRecord>>;
}

/** Append-only audit: who or what caused what. */
export interface EventStore {
  /** The same event again is written once. */
  append(event: AuditEvent): Promise<void>;
  /** Newest first. */
  list(subject: string, limit: number): Promise<readonly AuditEvent[]>;
}

export interface AuditEvent {
  /** `stack/{name}`, `deployment/{id}`, `request/{id}`. */
  readonly subject: string;
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Documents too large for an item: drafts, releases, findings, plans. JSON, by key; the same key is never changed. */
export interface DocumentStore {
  /** `byContent`: the key is a hash of the document, so that whatever stands under it already is the same. */
  put(key: string, document: unknown, options?: { readonly byContent?: boolean }): Promise<void>;
  find<T>(key: string): Promise<T | undefined>;
  /** Where CloudFormation reads a template from. */
  url(key: string): string;
}

/** A request whose execution ended FAILED or TIMED_OUT; one that a person stopped is none. */
export interface FailedRequest {
  readonly arn: string;
  readonly name: string;
  readonly stoppedAt: string;
}

/** An execution as its machine describes it. */
export interface Execution {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** JSON text, of one that SUCCEEDED. */
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** The two state machines. */
export interface Machines {
  /** `exists` when the name is taken by another input or by an execution that has ended. */
  start(
    machine: 'request' | 'deployment',
    name: string,
    input: object,
  ): Promise<{ readonly kind: 'started' | 'exists'; readonly arn: string }>;
  find(executionArn: string): Promise<Execution | undefined>;
  /** Hint: request executions that a fault ended since then, newest first, no more than a few hundred. */
  listFailedRequests(since: Date): Promise<readonly FailedRequest[]>;
  /** What an execution was started with. */
  inputOf(executionArn: string): Promise<object>;
  /** False when nothing waits for the task token any more. */
  succeed(taskToken: string, output: object): Promise<boolean>;
  fail(taskToken: string, error: string, cause: string): Promise<boolean>;
}

/** Everything in the account and region of one cluster, reached through its deploy role. */
export interface ClusterPorts {
  readonly stacks: StackDeployer;
  readonly tasks: TaskRunner;
  readonly secrets: SecretStore;
  readonly buckets: BucketReader;
  readonly sql: SqlRunner;
  readonly listeners: ListenerReader;
  readonly images: ImageResolver;
}

export type InCluster = (cluster: Cluster) => ClusterPorts;

/**
 * Has a function of the control plane ask a cluster stack what it made: nobody else may take its deploy role. `probe` also
 * sends an event from there, which `doctor` looks for (domain/doctor-probe.ts).
 */
export type AskCluster = (cluster: Cluster, probe?: string) => Promise<ClusterCheck>;

/** Puts a probe on the default bus of the cluster's account and region. */
export type ProbeCluster = (cluster: Cluster, nonce: string) => Promise<void>;

/** A CloudFormation stack as it is, its status asked in questions; see adapters/aws/stack-status.ts. */
export interface CfnStack {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly atRest: boolean;
  /** A create that failed, or a change set on nothing: has to be deleted before anything else. */
  readonly husk: boolean;
  readonly rollbackFailed: boolean;
  /** May be updated. */
  readonly usable: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** An operation on a stack, judged by the stack events that carry its token. */
export type StackOperation =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'running' }
  | {
      readonly kind: 'ended';
      readonly status: string;
      readonly succeeded: boolean;
      readonly rolledBack: boolean;
      /** Somebody deleted the stack. */
      readonly gone?: boolean;
      readonly failures: readonly ResourceFailure[];
    };

export interface ResourceFailure {
  readonly logicalId: string;
  /** Where it came to be made. */
  readonly physicalId?: string;
  readonly type: string;
  readonly reason: string;
}

export interface PreparedChangeSet {
  /** Empty when CloudFormation refused to make it. */
  readonly id: string;
  /** True when the stack would not change: a success, there is nothing to execute. */
  readonly empty: boolean;
  readonly changes: readonly ResourceChange[];
  /** Why CloudFormation refused it, early validation included. */
  readonly failure?: string;
}

export interface ChangeSetRequest {
  readonly stackName: string;
  readonly name: string;
  readonly templateUrl: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly token: string;
  /** Makes it an IMPORT: these exist and become the stack's own, and nothing else changes. */
  readonly imports?: readonly ImportedResource[];
}

export interface ImportedResource {
  readonly logicalId: string;
  readonly type: string;
  /** As CloudFormation finds it: `BucketName` of a bucket, `Id` (the ARN) of a secret. */
  readonly identifier: Readonly<Record<string, string>>;
}

export interface StackDeployer {
  find(stackName: string): Promise<CfnStack | undefined>;
  /** A stack that holds nothing but a WaitConditionHandle. */
  createEmpty(stackName: string, token: string): Promise<void>;
  remove(stackName: string, token: string): Promise<void>;
  template(stackName: string): Promise<Template>;
  /** Physical ids by logical id. */
  resources(
    stackName: string,
  ): Promise<Readonly<Record<string, { readonly type: string; readonly physicalId: string }>>>;
  /** Makes a change set and looks until it is ready (seconds). Same name again: the same change set. */
  prepare(request: ChangeSetRequest): Promise<PreparedChangeSet>;
  /** By its id, or by its name within a stack; nothing happens where there is none. */
  discard(changeSet: string, stackName?: string): Promise<void>;
  /** `obsolete` when the stack moved since it was made, `executed` also when this very one had been executed. */
  execute(changeSetId: string, token: string): Promise<'executed' | 'obsolete'>;
  /** False when CloudFormation does not allow it now. */
  cancelUpdate(stackName: string, token: string): Promise<boolean>;
  continueRollback(stackName: string, token: string): Promise<void>;
  /** By the stack's name, or by its id where somebody may have deleted it. */
  operation(stackName: string, token: string): Promise<StackOperation>;
}

export interface TaskRequest {
  readonly taskDefinition: TaskDefinitionRequest;
  /** clientToken and startedBy. */
  readonly token: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TaskDefinitionRequest {
  readonly family: string;
  readonly container: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly cpu: number;
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Variable -> `valueFrom` of a secret. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly executionRoleArn: string;
  /** What the containers themselves may do; nothing when left out. */
  readonly taskRoleArn?: string;
  readonly beside?: ContainerBeside;
  readonly logGroup: string;
  readonly region: string;
  /** Where it stands on Fargate; on an instance when left out. */
  readonly fargate?: FargatePlace;
}

/** A container that is started before the task's own, shares a folder with it, and ends with it. */
export interface ContainerBeside {
  readonly name: string;
  readonly image: string;
  readonly cpu: number;
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Path of the shared folder in both. */
  readonly folder: string;
}

export interface FargatePlace {
  /** Of the whole task: a pair that Fargate knows. */
  readonly cpu: number;
  readonly memory: number;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

/** Where a container's log goes. */
export interface LogPlace extends Pick<TaskDefinitionRequest, 'container' | 'logGroup'> {
  /** What its streams begin with; the container's name where nothing else is said. */
  readonly prefix?: string;
}

export interface EcsTask {
  readonly arn: string;
  /** Of its task definition. */
  readonly family?: string;
  readonly stopped: boolean;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly stoppedAt?: string;
  readonly containers: readonly { readonly name: string; readonly exitCode?: number; readonly reason?: string }[];
}

export type TaskStart =
  | { readonly kind: 'started'; readonly taskArn: string }
  /** No capacity, a missing cluster, ...: what RunTask lists in `failures`. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** One deployment of an ECS service: the tasks that it started carry its id in `startedBy`. */
export interface Rollout {
  readonly serviceArn: string;
  readonly id: string;
  /** The one that new tasks belong to. */
  readonly primary: boolean;
  /** Given up by ECS, or made to roll back one that was. */
  readonly failed: boolean;
}

/** ECS in the cluster that the cluster's configuration names. */
export interface TaskRunner {
  run(request: TaskRequest): Promise<TaskStart>;
  /** Tasks started by our token, stopped ones too (ECS keeps them for an hour). */
  startedBy(token: string): Promise<readonly EcsTask[]>;
  stop(taskArn: string, reason: string): Promise<void>;
  /** Tasks of services that are not STOPPED yet and do not run the service's current task definition at its count. */
  leaving(serviceArns: readonly string[]): Promise<readonly string[]>;
  /** Stopped tasks of a service, newest first; ECS forgets them after an hour. None of a service that is gone. */
  stoppedOf(serviceArn: string): Promise<readonly EcsTask[]>;
  /** Every service runs what it wants, and nothing rolls. */
  steady(serviceArns: readonly string[]): Promise<boolean>;
  desiredCounts(serviceArns: readonly string[]): Promise<Readonly<Record<string, number>>>;
  /** Every deployment of the services that still counts. */
  rollouts(serviceArns: readonly string[]): Promise<readonly Rollout[]>;
  /** New tasks of the same version take the place of the old ones; each call makes another deployment. */
  restart(serviceArn: string): Promise<void>;
  /** The last lines of a task's container, oldest first. */
  logTail(place: LogPlace, taskArn: string, lines: number): Promise<readonly string[]>;
}

export interface SecretStore {
  /** ARN of a secret; undefined when there is none, or one that is marked for deletion. */
  find(name: string): Promise<string | undefined>;
  /** ARN of the secret, created without a value when it is missing. */
  getOrCreate(name: string, description: string): Promise<string>;
  /** Undefined when it has no value yet. */
  read(id: string): Promise<string | undefined>;
  write(id: string, value: string, token: string): Promise<void>;
}

/** By what Slipway and GitHub know each other. Nothing of it may be shown or logged. */
export interface GitHubSecrets {
  /** Undefined while there is no value that is one. */
  findApp(): Promise<GitHubApp | undefined>;
  writeApp(app: GitHubApp): Promise<void>;
  /** Newest first: two while one takes the place of the other. */
  findWebhookSecrets(): Promise<
    { readonly secrets: readonly [string, ...string[]]; readonly storedAt: string } | undefined
  >;
  writeWebhookSecrets(secrets: readonly [string, ...string[]]): Promise<void>;
}

/** The App as its owner sees it at GitHub; the key is handed in, because a new one is tried before it is stored. */
export interface GitHubSettings {
  /** Where people go, without a slash at its end. */
  readonly webUrl: string;
  /** Takes what GitHub hands out once, for the code that it sent with the browser. */
  convert(code: string): Promise<{
    readonly app: GitHubApp;
    readonly description: AppDescription;
    readonly webhookSecret: string | undefined;
  }>;
  describe(
    app: GitHubApp,
  ): Promise<
    | { readonly kind: 'known'; readonly description: AppDescription }
    | { readonly kind: 'refused'; readonly message: string }
  >;
  installations(app: GitHubApp): Promise<readonly AppInstallation[]>;
  /** The first hundred, and how many there are. */
  repositories(
    app: GitHubApp,
    installationId: number,
  ): Promise<{ readonly total: number; readonly first: readonly InstalledRepository[] }>;
  findHookUrl(app: GitHubApp): Promise<string | undefined>;
  setHook(app: GitHubApp, hook: { readonly url: string; readonly secret: string }): Promise<void>;
  /** The newest delivery since then that has an answer. */
  lastDelivery(app: GitHubApp, since: Date): Promise<HookDelivery | undefined>;
}

export interface BucketReader {
  /** Whether there is a bucket of that name that belongs to this account. */
  exists(name: string): Promise<boolean>;
}

export interface SqlConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Left out where one logs in with a token of IAM: whoever runs the statements signs it. */
  readonly password?: string;
  readonly tls: boolean;
}

export interface SqlStatement {
  readonly text: string;
  readonly values?: readonly (string | number | boolean | null | readonly string[])[];
}

export type SqlAnswer =
  | { readonly kind: 'rows'; readonly results: readonly (readonly Readonly<Record<string, unknown>>[])[] }
  /** `statement` is the index of the one that failed, -1 for the connection; those before it stay done unless `transaction` was asked for. */
  | { readonly kind: 'failed'; readonly statement: number; readonly code: string; readonly message: string };

/** Runs statements in order on one connection, through the function in the cluster's VPC. */
export interface SqlRunner {
  run(
    connection: SqlConnection,
    statements: readonly SqlStatement[],
    options?: { readonly transaction?: boolean },
  ): Promise<SqlAnswer>;
}

export interface ListenerReader {
  /** Priorities in use -> rule ARN. */
  priorities(listenerArn: string): Promise<Readonly<Record<number, string>>>;
}

export interface ImageResolver {
  /** `sha256:...` of an image reference, or undefined when the registry does not have it. */
  digest(reference: string): Promise<string | undefined>;
  /** Whether the registry tells us when an image arrives, so that nobody has to look again. */
  sendsEvents(reference: string): boolean;
}

export interface SourceFile {
  readonly path: string;
  readonly content: string;
}

export interface SourceReader {
  /** The commit a ref points at now, undefined when it is gone. */
  head(repository: RepositoryRef, ref: string): Promise<string | undefined>;
  /** How `commit` stands to `base`. */
  compare(
    repository: RepositoryRef,
    base: string,
    commit: string,
  ): Promise<'ahead' | 'behind' | 'identical' | 'diverged' | 'unknown'>;
  /** Text of a file at a commit; throws for LFS pointers and symbolic links. */
  findFile(repository: RepositoryRef, commit: string, path: string): Promise<SourceFile | undefined>;
  /** All files directly in a folder, sorted by path; throws for truncated trees, LFS pointers, symbolic links. */
  readFolder(repository: RepositoryRef, commit: string, path: string): Promise<readonly SourceFile[] | undefined>;
  /** Paths of the folders and files directly in a folder. */
  listFolder(repository: RepositoryRef, commit: string, path: string): Promise<readonly string[] | undefined>;
}

/** Branches as GitHub has them. */
export interface BranchReader {
  /** Commits by ref, of those whose ref begins so; `complete` is false when there were more than are read. */
  list(repository: RepositoryRef, refPrefix: string): Promise<Branches>;
}

export interface Branches {
  readonly heads: Readonly<Record<string, string>>;
  readonly complete: boolean;
}

/** What GitHub sent to the webhook of the App, and how it was answered; kept for three days. */
export interface HookDeliveries {
  /** Sent since then, newest first; `complete` is false when there were more than are read. */
  list(since: Date): Promise<{ readonly deliveries: readonly HookDelivery[]; readonly complete: boolean }>;
  /** The ref that a push moved; undefined when GitHub does not have the delivery any more. */
  findRef(id: string): Promise<string | undefined>;
  /** Sends it again, under the same guid. False when GitHub does not have it any more. */
  redeliver(id: string): Promise<boolean>;
}

/** Tells GitHub; failures to tell are logged and counted, never the reason a deployment fails. */
export interface Reporter {
  check(repository: RepositoryRef, report: CheckReport, checkRunId?: number): Promise<number>;
  deployment(
    repository: RepositoryRef,
    request: { readonly commit: string; readonly environment: string; readonly description: string },
  ): Promise<number>;
  deploymentStatus(
    repository: RepositoryRef,
    deploymentId: number,
    state: DeploymentState,
    description: string,
  ): Promise<void>;
}

export interface Log {
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
  count(metric: Counter, value?: number): void;
  measure(metric: Gauge, seconds: number): void;
}

/** Everything an operation may need; each picks what it uses. */
export interface Ports {
  readonly clock: Clock;
  readonly hash: Hash;
  readonly log: Log;
  readonly stacks: StackStore;
  readonly deployments: DeploymentStore;
  readonly callbacks: CallbackStore;
  readonly databases: DatabaseStore;
  readonly configuration: ConfigurationStore;
  readonly targets: TargetStore;
  readonly listeners: ListenerStore;
  readonly events: EventStore;
  readonly documents: DocumentStore;
  readonly machines: Machines;
  readonly inCluster: InCluster;
  readonly askCluster: AskCluster;
  readonly probeCluster: ProbeCluster;
  readonly source: SourceReader;
  readonly branches: BranchReader;
  readonly hookDeliveries: HookDeliveries;
  readonly reporter: Reporter;
  readonly gitHubSecrets: GitHubSecrets;
  readonly gitHubSettings: GitHubSettings;
  readonly parseSql: ParseSql;
  readonly readConfiguration: ConfigurationReader;
  readonly password: () => string;
}

/** Reads YAML or JSON text against a schema; all that is wrong comes back at once, with its place. */
export type ConfigurationReader = <S extends z.ZodType>(
  schema: S,
  file: ConfigurationFile,
) => ReadConfiguration<z.output<S>>;

/** PostgreSQL's own parser: the statements of a script as libpg-query's JSON trees with their place in the text. */
export type ParseSql = (sql: string) => Promise<ParsedSql>;

export type ParsedSql =
  | { readonly kind: 'parsed'; readonly statements: readonly ParsedStatement[] }
  | { readonly kind: 'unreadable'; readonly message: string; readonly line: number };

export interface ParsedStatement {
  /** First line of the statement, from 1. */
  readonly line: number;
  readonly text: string;
  /** One node of the parse tree, such as `{ AlterTableStmt: {...} }`. */
  readonly tree: Readonly<Record<string, unknown>>;
}

export type { DeploymentFacts, DeploymentStatus };
