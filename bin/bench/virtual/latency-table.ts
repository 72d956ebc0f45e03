/** Half of all take up to `p50` milliseconds, all but one in a hundred up to `p99`. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly source: string;
  /** Grows with the template and not with what AWS then does, so that it stays when operations are stretched. */
  readonly isFixed?: true;
}

const ASSUMED = 'assumed: nothing published was found';
const MODEL =
  'split so that ScaleDown comes to about 60 s, a migration task to 47 s and ScaleUp to about 100 s, as in releases seen on Fargate';

/** How long AWS itself works. By operation, or by operation and kind; the bench stretches these and nothing else. */
export const operations: Readonly<Record<string, Latency>> = {
  'cloudformation.changeset': { p50: 8_000, p99: 15_000, source: '6 to 15 s: aws/aws-cdk#22079', isFixed: true },
  'cloudformation.create': {
    p50: 8_000,
    p99: 20_000,
    source: 'a single queue takes 9 s by direct calls: go-to-k/cdkd',
  },
  'cloudformation.update': { p50: 6_000, p99: 15_000, source: ASSUMED },
  'cloudformation.delete': { p50: 4_000, p99: 10_000, source: ASSUMED },
  'cloudformation.create AWS::IAM::Role': { p50: 17_000, p99: 25_000, source: ASSUMED },
  'cloudformation.create AWS::ECS::Service': { p50: 40_000, p99: 80_000, source: MODEL },
  'cloudformation.update AWS::ECS::Service': { p50: 40_000, p99: 80_000, source: MODEL },
  'ecs.provision': { p50: 10_000, p99: 25_000, source: MODEL },
  'ecs.pull': { p50: 25_000, p99: 60_000, source: MODEL },
  'ecs.deprovision': { p50: 12_000, p99: 30_000, source: MODEL },
  'elasticloadbalancing.health-check': {
    p50: 10_000,
    p99: 12_000,
    source: 'two checks 5 s apart: what the template sets',
  },
};

const ASYNC = 'bitesizedserverless.com, eu-west-1';

/** What lies between: how long a call, an event or a function is under way. */
export const calls: Readonly<Record<string, Latency>> = {
  'states.start': { p50: 142, p99: 313, source: `StartExecution to the first function: ${ASYNC}` },
  'states.task': { p50: 45, p99: 150, source: `${ASSUMED}; a bare transition takes 3.8 ms: floci-io/floci#2734` },
  'events.delivery': { p50: 148, p99: 387, source: `a bus to a function, taken for each hop: ${ASYNC}` },
  'lambda.invoke': { p50: 10, p99: 30, source: `a warm function; ${ASSUMED}` },
  'lambda.cold': { p50: 375, p99: 800, source: 'Node 22, bundled, three SDK clients: as reported for Lambda' },
  'dynamodb.call': { p50: 5, p99: 15, source: 'single-digit milliseconds: DynamoDB, product page' },
  's3.call': { p50: 100, p99: 200, source: '100 to 200 ms: S3 user guide, performance design patterns' },
  'apigateway.call': { p50: 20, p99: 60, source: ASSUMED },
  'cloudformation.call': { p50: 120, p99: 500, source: ASSUMED },
  'ecs.call': { p50: 60, p99: 250, source: ASSUMED },
  'github.call': { p50: 150, p99: 600, source: ASSUMED },
  // Any other AWS API.
  'api.call': { p50: 40, p99: 200, source: ASSUMED },
};
