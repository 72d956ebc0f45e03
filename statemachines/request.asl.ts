import { defineBranch, defineStateMachine } from './define.ts';
import { answering, waiting } from './tasks.ts';

const HOUR = 3600;

/** What starts one execution: a push as the webhook cut it down, or a request by hand. */
export type RequestInput =
  | {
      readonly kind: 'push';
      readonly deliveryId: string;
      readonly repositoryId: string;
      readonly owner: string;
      readonly name: string;
      readonly ref: string;
      readonly before: string;
      readonly after: string;
      readonly actor: string;
    }
  | {
      readonly kind?: 'manual';
      /** The caller's idempotency key. */
      readonly id: string;
      readonly repository?: string;
      readonly ref?: string;
      readonly commit?: string;
      /** An application file as text, instead of one in a repository. */
      readonly inline?: string;
      readonly environment: string;
      readonly application?: string;
      /** One of domain/plan/strategy.ts, or several words that go together. */
      readonly strategy?: string | readonly string[];
      /** Name of the stack, where a strategy takes its data away. */
      readonly confirm?: string;
      /** Only plan: nothing is queued, nothing is changed. */
      readonly preview?: boolean;
      readonly actor: string;
    };

const target = { 'request.$': '$.request', 'target.$': '$.target' } as const;
const built = { ...target, 'draft.$': '$.built.answer.draft' } as const;
const released = {
  ...built,
  'release.$': '$.images.release',
  'application.$': '$.built.answer.application',
} as const;

const outcome = (comment: string, from: string) => ({
  Type: 'Pass' as const,
  Comment: comment,
  Parameters: { 'outcome.$': `${from}.outcome`, 'reason.$': `${from}.reason` },
  End: true as const,
});

/** Beside the outcome, whose it is: who asked by hand goes on from here. */
const accepted = {
  'outcome.$': '$.Payload.outcome',
  'reason.$': '$.Payload.reason',
  'deploymentId.$': '$.Payload.deploymentId',
  'stackName.$': '$.Payload.stackName',
} as const;

const toReject = (Next: 'ImagesMissing') => [
  { ErrorEquals: ['ImageMissing', 'States.Timeout'], ResultPath: '$.failure', Next },
];

/** One target: an application in an environment. */
const deployTarget = defineBranch({
  StartAt: 'BuildRelease',
  States: {
    BuildRelease: {
      ...answering('build-release', { ids: target }),
      Comment: 'Configuration and migrations at the commit; template and parameters from them',
      ResultPath: '$.built',
      Next: 'Built',
    },
    Built: {
      Type: 'Choice',
      Comment: 'Is there something to deploy, and is it right? Or did somebody only ask?',
      Choices: [
        {
          And: [
            { Variable: '$.built.answer.outcome', StringEquals: 'BUILT' },
            { Variable: '$.request.preview', IsPresent: true },
            { Variable: '$.request.preview', BooleanEquals: true },
          ],
          Next: 'PreviewPlan',
        },
        { Variable: '$.built.answer.outcome', StringEquals: 'BUILT', Next: 'ImageWait' },
      ],
      Default: 'NotBuilt',
    },
    PreviewPlan: {
      ...answering('preview-plan', { ids: built }),
      Comment: 'The plan that a deployment would have now; waits for no image, queues and changes nothing',
      ResultPath: '$.previewed',
      Next: 'Planned',
    },
    Planned: {
      ...outcome('The plan stands in the document that is named', '$.previewed.answer'),
      Parameters: {
        'outcome.$': '$.previewed.answer.outcome',
        'reason.$': '$.previewed.answer.reason',
        'mode.$': '$.previewed.answer.mode',
        'preview.$': '$.previewed.answer.preview',
      },
    },
    NotBuilt: outcome('No configuration, or a refused one: shown on the commit', '$.built.answer'),
    ImageWait: {
      ...waiting('image-wait', {
        ids: { ...built, 'execution.$': '$$.Execution.Id', 'startedAt.$': '$$.Execution.StartTime' },
        timeoutSeconds: HOUR,
      }),
      Comment: 'Until every image of the release exists; its digest becomes part of the release',
      ResultPath: '$.images',
      Catch: toReject('ImagesMissing'),
      Next: 'Images',
    },
    Images: {
      Type: 'Choice',
      Comment: 'A registry that sends no events is looked at again',
      Choices: [{ Variable: '$.images.outcome', StringEquals: 'LOOK', Next: 'ImageLook' }],
      Default: 'AcceptDeployment',
    },
    ImageLook: { Type: 'Wait', Comment: 'Between two looks at a foreign registry', Seconds: 15, Next: 'ImageWait' },
    ImagesMissing: {
      ...answering('reject-request', { ids: { ...built, 'failure.$': '$.failure' } }),
      Comment: 'The deadline has passed without the image: said on the commit',
      ResultPath: '$.rejected',
      Next: 'NotAccepted',
    },
    NotAccepted: outcome('Not deployed: the reason stands on the commit', '$.rejected.answer'),
    AcceptDeployment: {
      ...answering('accept-deployment', { ids: released }),
      Comment:
        'Once per commit and target, in order: the record, then its place in the queue; a stack that is free is claimed, and its deployment started',
      ResultSelector: accepted,
      End: true,
    },
  },
});

/** From a push or a manual request to a queued deployment and a dispatched stack. */
export const request = defineStateMachine({
  Comment: 'One request: what is to be deployed where',
  StartAt: 'ReceivePush',
  TimeoutSeconds: 24 * HOUR,
  States: {
    ReceivePush: {
      ...answering('receive-push', { ids: { 'input.$': '$' } }),
      Comment:
        'What the push or the manual request means to us, and the environments that its branch or tag deploys to',
      ResultPath: '$',
      Next: 'Targets',
    },
    Targets: {
      Type: 'Map',
      Comment: 'Each environment by itself; none for branch deletions and unknown repositories, with the reason',
      ItemsPath: '$.answer.targets',
      ItemSelector: { 'request.$': '$.answer.request', 'target.$': '$$.Map.Item.Value' },
      MaxConcurrency: 5,
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...deployTarget },
      ResultPath: '$.targets',
      End: true,
    },
  },
});
