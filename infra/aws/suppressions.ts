import { type FunctionRow, manifest, pascal } from '../../functions/manifest.ts';

/** A kind of finding of cdk-nag that is right about what it sees, and is left as it is. */
export interface Suppression {
  readonly rules: readonly string[];
  readonly reason: string;
  /** Where, by the path of the construct. */
  readonly at: RegExp;
  /** What the finding says in its brackets, each form with what the wildcard stands for; without, whatever it says. */
  readonly findings?: readonly (readonly [finding: RegExp, wildcard: string])[];
}

const functions = (which: (row: FunctionRow) => boolean): string =>
  manifest
    .filter(which)
    .map(({ name }) => pascal(name))
    .join('|');

/** An account, a region, and the name of an environment. */
const A = String.raw`\d{12}`;
const R = String.raw`[a-z]{2}-[a-z-]+-\d`;
const E = '[a-z][a-z0-9-]*';

const resource = (pattern: string): RegExp => new RegExp(`^Resource::${pattern}$`);

/** Five kinds at most: whoever wants a sixth mends one. A kind, and a form of a wildcard, that nothing has any more is an error too. */
export const suppressions: readonly Suppression[] = [
  {
    rules: ['AwsSolutions-IAM5'],
    reason: 'a wildcard stands only for ids that AWS makes up, and for names behind a name that is fixed',
    at: /^slipway(-cluster-[\w-]+)?\/(\w+Role(-[\w-]+)?|Boundary)\//,
    findings: [
      [
        resource(String.raw`\*`),
        'actions that take no resource: test/infra/permissions.test.ts has each with its reason',
      ],
      [resource(String.raw`<\w+Table[0-9A-F]{8}\.Arn>/index/\*`), 'the indexes of one table'],
      [resource(String.raw`<Documents[0-9A-F]{8}\.Arn>/\*`), 'the objects of one bucket'],
      [resource(String.raw`arn:aws:s3:::slipway-documents-${A}-${R}/templates/\*`), 'templates in one bucket'],
      [
        resource(`arn:aws:states:${R}:${A}:execution:slipway-(request|deployment):\\*`),
        'the executions of one machine',
      ],
      [resource(String.raw`<\w+[0-9A-F]{8}\.Arn>:\*`), 'the versions of one function'],
      [resource(`arn:aws:cloudformation:${R}:${A}:stack/(${E}-\\*|slipway-cluster-${E})/\\*`), 'the ids of stacks'],
      [resource(`arn:aws:iam::${A}:role/${E}-\\*`), "the roles of an environment's applications"],
      [resource(`arn:aws:(sqs|sns):${R}:${A}:${E}-\\*`), "an environment's queues, a cluster's topics"],
      [resource(String.raw`arn:aws:s3:::\*\.${E}\.${R}\.\*(/\*)?`), "an environment's buckets"],
      [resource(`arn:aws:secretsmanager:${R}:${A}:secret:/${E}/\\*`), "an environment's secrets"],
      [resource(`arn:aws:secretsmanager:${R}:${A}:secret:[\\w/-]+\\*`), 'administrators of database servers'],
      [
        resource(`arn:aws:rds-db:${R}:${A}:dbuser:(\\*|(db|cluster|prx)-[A-Za-z0-9]+)/[a-z][a-z0-9_]*_\\*`),
        "an environment's database users",
      ],
      [resource(`arn:aws:logs:${R}:${A}:log-group:ecs/${E}/\\*`), "the logs of an environment's containers"],
      [resource(`arn:aws:ecs:${R}:${A}:(service|service-deployment)/\\*/${E}-\\*`), "an environment's services"],
      [resource(`arn:aws:ecs:${R}:${A}:task-definition/${E}-\\*`), "an environment's task definitions"],
      [resource(`arn:aws:ecs:${R}:${A}:(service|task)/\\*`), 'the ids of tasks, the names of ECS clusters'],
      [resource(`arn:aws:ec2:${R}:${A}:security-group/\\*`), 'the ids of security groups'],
      [
        resource(`arn:aws:elasticloadbalancing:${R}:${A}:(targetgroup|listener|listener-rule)/\\*`),
        'the ids of target groups and rules',
      ],
      [resource(`arn:aws:events:${R}:${A}:rule/([\\w.-]+/)?${E}-\\*`), "an environment's rules on one bus"],
      [resource(String.raw`arn:aws:s3:::[a-z0-9][a-z0-9.-]+[a-z0-9]/\*`), 'the objects of one bucket of somebody else'],
      [resource(String.raw`arn:aws:ecr:\*:\*:repository/\*`), 'the registry that an environment names, anywhere'],
    ],
  },
  {
    rules: ['AwsSolutions-APIG4'],
    reason: 'GitHub signs what it sends, and the function checks the signature over the raw bytes before anything else',
    at: /^slipway\/Api\/POST--webhook\//,
  },
  {
    rules: ['AwsSolutions-SMG4'],
    reason:
      'GitHub gives out these secrets, to a person alone; `slipway setup github` changes them, two being valid meanwhile',
    at: /^slipway\/Github(App|Webhook)Secret$/,
  },
  {
    rules: ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'],
    reason: 'a queue of dead letters is where letters end: nobody receives from it but people, and it has an alarm',
    at: /\/DeadLetters\/Resource$/,
  },
  {
    rules: ['Serverless-LambdaDLQ'],
    reason:
      'who calls these functions waits for their answer and sees the error; Lambda keeps nothing that could be lost',
    at: new RegExp(`^slipway(-cluster-[\\w-]+)?/(${functions(({ asynchronous }) => !asynchronous)})/Resource$`),
  },
];
