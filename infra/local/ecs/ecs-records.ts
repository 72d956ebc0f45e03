/** As registered; fields that the embedded cloud does not act on are kept beside these and given back. */
export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly containers: readonly ContainerDefinition[];
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly tags: readonly Tag[];
  readonly registeredAtMillis: number;
  readonly deregisteredAtMillis?: number;
  /** The rest of what was registered. */
  readonly rest: Readonly<Record<string, unknown>>;
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly command?: readonly string[];
  readonly entryPoint?: readonly string[];
  readonly workingDirectory?: string;
  readonly environment?: readonly NameValue[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly portMappings?: readonly PortMapping[];
  /** Other containers of the task, `name` or `name:alias`. */
  readonly links?: readonly string[];
  /** Volumes of the task definition, and where this container finds them. */
  readonly mountPoints?: readonly { readonly sourceVolume: string; readonly containerPath: string }[];
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: string }[];
  readonly stopTimeout?: number;
  readonly logConfiguration?: {
    readonly logDriver: string;
    readonly options?: Readonly<Record<string, string>>;
  };
}

export interface PortMapping {
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol?: string;
}

export interface NameValue {
  readonly name: string;
  readonly value: string;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface ClusterRecord {
  readonly name: string;
  readonly arn: string;
  readonly tags: readonly Tag[];
  readonly settings: readonly NameValue[];
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export type StopCode =
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'TaskFailedToStart'
  | 'ServiceSchedulerInitiated'
  | 'SpotInterruption'
  | 'TerminationNotice';

export interface TaskRecord {
  readonly id: string;
  readonly arn: string;
  readonly clusterName: string;
  readonly taskDefinitionArn: string;
  readonly group: string;
  readonly startedBy?: string;
  /** Of a service's task; its deployment is `startedBy`. */
  readonly serviceName?: string;
  readonly launchType: string;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly lastStatus: TaskStatus;
  /** Counts every change, as in AWS's events. */
  readonly version: number;
  readonly containers: readonly ContainerRecord[];
  readonly overrides: TaskOverrides;
  readonly loadBalancers: readonly ServiceLoadBalancer[];
  /** Where it is registered while it serves. */
  readonly targets: readonly TaskTarget[];
  readonly tags: readonly Tag[];
  readonly createdAtMillis: number;
  readonly pullStartedAtMillis?: number;
  readonly pullStoppedAtMillis?: number;
  readonly startedAtMillis?: number;
  /** When it was first seen able to serve: healthy in its target groups, or running for a moment without any. */
  readonly availableAtMillis?: number;
  readonly stoppingAtMillis?: number;
  readonly executionStoppedAtMillis?: number;
  readonly stoppedAtMillis?: number;
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
}

export interface ContainerRecord {
  readonly name: string;
  readonly arn: string;
  readonly image: string;
  readonly imageDigest?: string;
  readonly lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  readonly exitCode?: number;
  readonly reason?: string;
  readonly ports: readonly BoundPort[];
  /** Finds the process again after a crash of the cloud. */
  readonly process?: ProcessMark;
}

export interface BoundPort {
  readonly containerPort: number;
  readonly hostPort: number;
}

/** A process id means nothing without the moment its process began. */
export interface ProcessMark {
  readonly pid: number;
  readonly identity: string;
}

export interface TaskOverrides {
  readonly containerOverrides?: readonly {
    readonly name: string;
    readonly command?: readonly string[];
    readonly environment?: readonly NameValue[];
  }[];
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
}

export interface TaskTarget {
  readonly targetGroupArn: string;
  readonly id: string;
  readonly port: number;
}

export interface ServiceLoadBalancer {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
}

export interface ServiceRecord {
  readonly name: string;
  readonly arn: string;
  readonly clusterName: string;
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly desiredCount: number;
  readonly taskDefinitionArn: string;
  readonly loadBalancers: readonly ServiceLoadBalancer[];
  readonly launchType: string;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly circuitBreaker: { readonly enable: boolean; readonly rollback: boolean };
  readonly healthCheckGracePeriodSeconds: number;
  readonly propagateTags: string;
  readonly tags: readonly Tag[];
  /** The primary one first. */
  readonly deployments: readonly DeploymentRecord[];
  /** What a failed deployment is rolled back to. */
  readonly lastCompletedTaskDefinitionArn?: string;
  /** Failed deployments leave the list above; whoever waited for one still learns how it ended. */
  readonly failedDeploymentIds: readonly string[];
  /** Desired and running counts agree, and nothing is on the way. */
  readonly steady: boolean;
  readonly launches: { readonly failures: number; readonly nextAtMillis: number };
  /** The newest first. */
  readonly events: readonly { readonly id: string; readonly createdAtMillis: number; readonly message: string }[];
  readonly createdAtMillis: number;
  readonly inactiveAtMillis?: number;
  /** Of the CloudFormation resource that made it. */
  readonly seed?: string;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly taskDefinitionArn: string;
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly rolloutStateReason: string;
  /** Failures in a row. */
  readonly failedTasks: number;
  readonly createdAtMillis: number;
  readonly updatedAtMillis: number;
}
