import { referencesOf } from '../../functions/domain/template/references.ts';
import type { BuiltApplication, TemplateResource } from '../../functions/domain/template/template.ts';
import { templateLimits } from '../../functions/domain/template/template-limits.ts';

/** The property that names a resource of a type, and what its service takes for a name. */
const names: Readonly<Record<string, readonly [property: string, rule: RegExp]>> = {
  'AWS::EC2::SecurityGroup': ['GroupDescription', /^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/],
  'AWS::ECS::TaskDefinition': ['Family', /^[\w-]{1,255}$/],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name', /^(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/],
  'AWS::Events::Rule': ['Name', /^[\w.-]{1,64}$/],
  'AWS::IAM::Role': ['RoleName', /^[\w+=,.@-]{1,64}$/],
  'AWS::S3::Bucket': ['BucketName', /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/],
  'AWS::SQS::Queue': ['QueueName', /^[\w-]{1,80}$/],
  'AWS::SecretsManager::Secret': ['Name', /^[\w/+=.@-]{1,512}$/],
};

/**
 * What AWS would refuse in a template, or two resources would share. The limits are those of the pages "IAM and AWS STS
 * quotas", "Quotas for your Application Load Balancers", "Amazon ECS service quotas" and "Amazon EventBridge quotas".
 */
export const resourceFaults = ({ template, parameters }: BuiltApplication, hostHeader: string): readonly string[] => {
  const resources = Object.entries(template.Resources);
  const ids = [...resources.map(([id]) => id), ...parameters.map(({ name }) => name)];
  return [
    ...templateLimits(template).map(({ message }) => message),
    ...ids.filter((id) => !/^[A-Za-z0-9]{1,255}$/.test(id)).map((id) => `${id} is no logical id`),
    ...repeated(ids).map((id) => `${id} is declared twice`),
    ...repeated(resources.map(([, resource]) => physicalName(resource))).map((name) => `two resources are ${name}`),
    ...parameters.flatMap((one) => (one.kind === 'value' ? over(one.name, Buffer.byteLength(one.value), 4096) : [])),
    ...resources.flatMap(([id, resource]) => [
      ...nameFaults(id, resource),
      ...(resource.Type === 'AWS::Events::Rule' ? over(`${id}.EventPattern`, patternSize(resource), 2048) : []),
      ...over(`${id}.ManagedPolicyArns`, resource.Properties?.['ManagedPolicyArns'], 10),
      ...over(`${id}.LoadBalancers`, resource.Properties?.['LoadBalancers'], 5),
      ...(resource.Type === 'AWS::ElasticLoadBalancingV2::ListenerRule' ? ruleFaults(id, resource, hostHeader) : []),
    ]),
  ];
};

/** What has no name of its own is told apart by all that it says. */
const physicalName = (resource: TemplateResource): string => {
  const name = resource.Properties?.[names[resource.Type]?.[0] ?? ''];
  return `${resource.Type} ${JSON.stringify(name ?? resource.Properties)}`;
};

const nameFaults = (id: string, { Type, Properties = {} }: TemplateResource) => {
  const [property, rule] = names[Type] ?? [];
  const name = property === undefined ? undefined : Properties[property];
  return rule && name !== undefined && !(typeof name === 'string' && rule.test(name))
    ? [`${id}: AWS takes no name ${JSON.stringify(name)}`]
    : [];
};

/** ELB takes 5 values and 6 wildcards in the conditions of a rule, each of 128 characters at most. */
const ruleFaults = (id: string, { Properties = {} }: TemplateResource, hostHeader: string) => {
  const values = (JSON.stringify(Properties['Conditions']).match(/"Values":\[[^\]]*\]/g) ?? []).flatMap((list) =>
    (JSON.parse(list.slice('"Values":'.length)) as unknown[]).map((value) => valueText(value, hostHeader)),
  );
  return [
    ...over(`${id}: values`, values.length, 5),
    ...over(`${id}: wildcards`, values.join('').replaceAll(/[^*?]/g, '').length, 6),
    ...values.flatMap((value) => over(`${id}: characters of ${value}`, value.length, 128)),
  ];
};

/** With the longest name of an environment for each of its names. */
const patternSize = ({ Properties = {} }: TemplateResource): number =>
  JSON.stringify(Properties['EventPattern']).replaceAll(
    /\{"(?:Ref|Fn::Sub)":"[^"]*"\}/g,
    JSON.stringify('e'.repeat(63)),
  ).length;

const valueText = (value: unknown, hostHeader: string) =>
  typeof value === 'string'
    ? value
    : referencesOf(value).names.has('HostHeader') && typeof value === 'object' && value !== null && 'Fn::Sub' in value
      ? String(value['Fn::Sub']).replace(`\${HostHeader}`, hostHeader)
      : hostHeader;

const over = (what: string, given: unknown, most: number): string[] => {
  const size = Array.isArray(given) ? given.length : Number(given ?? 0);
  return size > most ? [`${what}: ${size} of ${most}`] : [];
};

const repeated = (words: readonly string[]) => {
  const seen = new Set<string>();
  return words.filter((word) => seen.size === seen.add(word).size);
};
