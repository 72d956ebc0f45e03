import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allResourceActions } from './resource-actions.ts';
import { type Place, type Places, servicePlaces } from './service-places.ts';
import type { ClusterSite } from './stage.ts';

/** What CloudFormation needs for the resource types that the template builder emits, each action in its place. */
export interface ServiceStatements {
  readonly compute: PolicyStatement[];
  /** For buckets, queues, topics and rules: a policy of its own, as IAM limits how long each of them is. */
  readonly messages: PolicyStatement[];
}

const messageServices: ReadonlySet<string> = new Set(['events', 's3', 'sns', 'sqs']);

export const serviceStatements = (stack: Stack, site: ClusterSite): ServiceStatements => {
  const places = servicePlaces(stack, site);
  const isMessage = (action: string) => messageServices.has(serviceOf(action));
  return {
    compute: statementsFor(
      allResourceActions().filter((action) => !isMessage(action)),
      places,
    ),
    messages: statementsFor(allResourceActions().filter(isMessage), places),
  };
};

const statementsFor = (actions: readonly string[], places: Places): PolicyStatement[] => {
  const grouped = new Map<Place, string[]>();
  for (const action of actions)
    for (const place of placesOf(places, action)) grouped.set(place, [...(grouped.get(place) ?? []), action]);
  return [...grouped].map(
    ([{ resources, conditions }, actions]) =>
      new PolicyStatement({ actions, resources: [...resources], ...(conditions && { conditions: { ...conditions } }) }),
  );
};

const placesOf = (places: Places, action: string): readonly Place[] => {
  const found = places[action] ?? places[`${serviceOf(action)}:*`];
  if (!found) throw new Error(`infra/aws/service-places.ts does not say where CloudFormation may call ${action}`);
  return found;
};

const serviceOf = (action: string): string => action.slice(0, action.indexOf(':'));
