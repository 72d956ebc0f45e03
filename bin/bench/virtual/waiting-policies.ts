/** How long after its beginning the end of an operation is noticed, and how often it was looked at; in seconds. */
export interface Noticed {
  readonly seconds: number;
  readonly looks: number;
}

/** How a tool learns that an operation of AWS has ended. */
export interface WaitingPolicy {
  readonly who: string;
  /** Where its rule is written down. */
  readonly source: string;
  /** Seconds from a push to the tool's own beginning, where it looks for pushes itself. */
  begins(random: () => number): number;
  notices(operationSeconds: number, random: () => number): Noticed;
}

const atOnce = () => 0;

/** Looks at once, then every so many seconds. */
const every =
  (interval: number): WaitingPolicy['notices'] =>
  (operationSeconds) => {
    const looks = Math.ceil(operationSeconds / interval);
    return { seconds: looks * interval, looks: looks + 1 };
  };

/**
 * The waiters of the AWS SDK for JavaScript v3: the n-th pause is random between `min` and `min * 2^(n-1)`, and `max` as
 * soon as that would exceed it (runPolling in @smithy/core).
 */
const sdkWaiter =
  (min: number, max: number): WaitingPolicy['notices'] =>
  (operationSeconds, random) => {
    const ceiling = Math.log(max / min) / Math.log(2) + 1;
    let seconds = 0;
    let pauses = 0;
    while (seconds < operationSeconds) {
      pauses += 1;
      seconds += pauses > ceiling ? max : min + random() * (Math.min(min * 2 ** (pauses - 1), max) - min);
    }
    return { seconds, looks: pauses + 1 };
  };

/** Git is looked at once a minute; planner and scheduler each take up what is there every ten seconds. */
const pipecd = (random: () => number) => 60 * random() + 10 * random() + 10 * random();

export const policies = {
  cdkMonitor: {
    who: 'cdk event monitor, 2 s',
    source: 'aws/aws-cdk-cli#1709 (toolkit-lib)',
    begins: atOnce,
    notices: every(2),
  },
  cdk: { who: 'cdk deploy, 5 s', source: 'aws/aws-cdk-cli#1709 (toolkit-lib)', begins: atOnce, notices: every(5) },
  cli: {
    who: 'aws cloudformation deploy, 30 s',
    source: 'boto/botocore: waiters-2.json of cloudformation',
    begins: atOnce,
    notices: every(30),
  },
  pipecd: {
    who: 'PipeCD, 15 s, git 60 s, ticks 10 s',
    source: 'pipe-cd/pipecd: ECS stability check, git poll, planner and scheduler',
    begins: pipecd,
    notices: every(15),
  },
  ecsAction: {
    who: 'amazon-ecs-deploy-task-definition, 15..120 s',
    source: 'aws-actions/amazon-ecs-deploy-task-definition v2; formula of the SDK',
    begins: atOnce,
    notices: sdkWaiter(15, 120),
  },
  sdk: {
    who: 'SDK v3 CloudFormation waiters, 30..120 s',
    source: '@aws-sdk/client-cloudformation: service defaults of its waiters',
    begins: atOnce,
    notices: sdkWaiter(30, 120),
  },
} as const satisfies Readonly<Record<string, WaitingPolicy>>;
