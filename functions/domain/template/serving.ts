import { referencesOf } from './references.ts';
import type { Template } from './template.ts';

/** What answers requests and brings messages: these change with the version, so that no older one meets them. */
export const servingTypes: ReadonlySet<string> = new Set([
  'AWS::ECS::TaskDefinition',
  'AWS::ECS::Service',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::Events::Rule',
  'AWS::SNS::Subscription',
]);

/** Logical ids of what serves in a template, and of everything that refers on to. */
export const servingIds = ({ Resources }: Template): ReadonlySet<string> => {
  const ids = new Set(Object.keys(Resources).filter((id) => servingTypes.has(Resources[id]?.Type ?? '')));
  // A set visits what is added while it is walked.
  for (const id of ids)
    for (const name of referencesOf(Resources[id]).names) if (Object.hasOwn(Resources, name)) ids.add(name);
  return ids;
};

/** Nothing in it answers requests: an empty stack, or one that holds only what comes before a first release. */
export const servesNothing = (template: Template): boolean => servingIds(template).size === 0;
