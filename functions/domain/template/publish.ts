import type { Runtime } from '../application/runtime.ts';
import { type Build, ref } from './build.ts';
import { sendsMessages, sidecarDuties } from './sidecar-duties.ts';
import type { RoleStatement } from './statement.ts';

/**
 * A runtime may publish what is its application's and a message: the sidecar puts `o5/{environment}/{application}` and
 * this type on everything it sends, declared targets, monitoring and dead letters alike. Which target a message is for
 * stands in the event's detail, of which IAM knows nothing.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-cross-account-custom-bus-source.html
 * @throws when the cluster has no bus: the application was not checked.
 */
export const publishStatements = (runtime: Runtime, build: Build): readonly RoleStatement[] => {
  const { application, cluster } = build;
  if (application.targets.length === 0 && !sendsMessages(sidecarDuties(runtime, build))) return [];
  if (!cluster.aws.eventBridge) throw new Error(`Cluster ${cluster.name} has no event bus: check it first`);
  return [
    {
      policy: 'eventbridge-publish',
      actions: ['events:PutEvents'],
      resources: [ref('EventBusARN')],
      condition: {
        // One call takes ten events, and each has to be its own.
        'ForAllValues:StringEquals': { 'events:source': [{ 'Fn::Sub': `o5/\${EnvName}/${application.name}` }] },
        StringEquals: { 'events:detail-type': 'o5-message/v1' },
      },
    },
  ];
};
