import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allResourceActions } from './resource-actions.ts';
import { type Place, servicePlaces } from './service-places.ts';
import type { ClusterSite } from './stage.ts';

/** What CloudFormation needs for the resource types that the template builder emits, each action in its place. */
export const serviceStatements = (stack: Stack, site: ClusterSite): PolicyStatement[] => {
  const places = servicePlaces(stack, site);
  const grouped = new Map<Place, string[]>();
  for (const action of allResourceActions())
    for (const place of placesOf(places, action)) grouped.set(place, [...(grouped.get(place) ?? []), action]);
  return [...grouped].map(
    ([{ resources, conditions }, actions]) =>
      new PolicyStatement({ actions, resources: [...resources], ...(conditions && { conditions: { ...conditions } }) }),
  );
};

const placesOf = (places: ReturnType<typeof servicePlaces>, action: string): readonly Place[] => {
  const found = places[action] ?? places[`${action.split(':')[0]}:*`];
  if (!found) throw new Error(`infra/aws/service-places.ts does not say where CloudFormation may call ${action}`);
  return found;
};
