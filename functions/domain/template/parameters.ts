import { variableOf } from '../environment/environment.ts';
import type { Build } from './build.ts';
import type { Rule } from './listener-rule.ts';
import { parameterNames } from './names.ts';
import type { Parameter, TemplateParameter } from './template.ts';

/** The parameters that are among these names, by name: what the resources do not refer to is not declared. */
export const usedParameters = (
  names: ReadonlySet<string>,
  rules: readonly Rule[],
  build: Build,
): readonly Parameter[] =>
  [...wellKnown(build), ...ofApplication(build), ...rules.map(({ priority }) => priority)]
    .filter(({ name }) => names.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/**
 * How the template declares its parameters. Plain types only: the AWS-specific ones would make every change set look
 * resources up with the rights of whoever makes it.
 */
export const declaredParameters = (parameters: readonly Parameter[]): Readonly<Record<string, TemplateParameter>> =>
  Object.fromEntries(
    parameters.map(({ name, kind }) => [
      name,
      { Type: kind === 'desiredCount' || kind === 'rulePriority' ? 'Number' : 'String' },
    ]),
  );

/** The original's global parameters that ours still has a use for. */
const wellKnown = ({ application, environment, cluster, cluster: { aws }, version }: Build): readonly Parameter[] =>
  Object.entries({
    CORSOrigin: environment.corsOrigins.join(','),
    ClusterName: cluster.name,
    ECSCluster: aws.ecsCluster.clusterName,
    ECSTaskExecutionRole: aws.ecsCluster.taskExecutionRole,
    EnvName: environment.fullName,
    EventBusARN: aws.eventBridge?.eventBusArn ?? '',
    HostHeader: environment.aws.hostHeader,
    JWKS: environment.trustJwks.join(','),
    ListenerARN: aws.albIngress.listenerArn,
    LoadBalancerSecurityGroup: aws.albIngress.securityGroupId,
    PermissionsBoundary: aws.boundaryArn,
    SourceTag: `o5/${application.name}/${version}`,
    VPCID: aws.vpcId,
    VersionTag: version,
  }).map(([name, value]) => ({ kind: 'value', name, value }));

const ofApplication = ({ application, environment, hash }: Build): readonly Parameter[] => [
  ...environment.vars.map(({ name }) =>
    valueParameter(parameterNames.variable(name, hash), variableOf(environment, name)),
  ),
  ...environment.aws.environmentLinks.map(({ lookupName, fullName }) =>
    valueParameter(parameterNames.link(lookupName, hash), fullName),
  ),
  ...application.databases.map(
    ({ name }): Parameter => ({
      kind: 'databaseSecret',
      name: parameterNames.databaseSecret(name, hash),
      database: name,
    }),
  ),
  ...application.runtimes.flatMap(({ name: runtime, desiredCount, namedEnvPolicies }): readonly Parameter[] => [
    { kind: 'desiredCount', name: parameterNames.desiredCount(runtime), runtime, initial: desiredCount },
    ...[...new Set(namedEnvPolicies)].map((policy) =>
      valueParameter(
        parameterNames.policy(runtime, policy, hash),
        environment.aws.iamPolicies.find(({ name }) => name === policy)?.policyArn,
      ),
    ),
  ]),
];

const valueParameter = (name: string, value: string | undefined): Parameter => ({
  kind: 'value',
  name,
  value: value ?? '',
});
