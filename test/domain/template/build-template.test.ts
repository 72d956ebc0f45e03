import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readConfiguration } from '../../../functions/adapters/yaml/configuration-reader.ts';
import { type Application, applicationSchema } from '../../../functions/domain/application/application.ts';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { fixture, testWithFixtures } from '../../support/o5-fixtures.ts';
import {
  sampleApplication,
  sampleCluster,
  sampleEnvironment,
  sampleRuntime,
  sha256,
} from '../../support/sample-configuration.ts';

const build = (application: Application, environment: object = {}) =>
  buildTemplate({
    application,
    environment: sampleEnvironment(environment),
    cluster: sampleCluster(),
    version: 'c0ffee',
    hash: sha256,
  });

const buildText = (text: string, path = 'app.yaml') => {
  const read = readConfiguration(applicationSchema, { path, text });
  if (read.kind === 'invalid') throw new Error(read.errors.map(({ message }) => message).join());
  return build(read.value);
};

/** Any part of a resource's properties, by its path. */
const at = (node: unknown, ...path: (string | number)[]): unknown =>
  path.reduce((under: unknown, key) => (under as Record<string | number, unknown> | undefined)?.[key], node);

const properties = ({ template }: ReturnType<typeof build>, id: string) => template.Resources[id]?.Properties;
const container = (built: ReturnType<typeof build>, runtime = 'Main', index = 0) =>
  at(properties(built, `ECSTaskDefinition${runtime}`), 'ContainerDefinitions', index) as Record<string, unknown>;

const ofType = ({ template }: ReturnType<typeof build>, type: string) =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

const route = { prefix: '/', protocol: 'HTTP', bypassIngress: true };
const web = { name: 'web', image: { name: 'shop' } };

describe('the real applications', () => {
  // The same sets as the original's, id by id but for two: a target group's id names its runtime, protocol, container
  // and port, and a rule's id covers its hosts too, because the original's shorter ids dropped resources in silence.
  testWithFixtures('jwks has its 7 resources', () => {
    const built = buildText(fixture('jwtauth'));
    expect(Object.keys(built.template.Resources)).toEqual([
      'EC2SecurityGroupMain',
      'ECSServiceMain',
      'ECSTaskDefinitionMain',
      'ElasticLoadBalancingV2TargetGroupMainHttpMainP8081',
      'IAMRoleMainAssume',
      expect.stringMatching(/^ListenerRule[0-9a-f]{12}$/),
      'SecretsManagerSecretAppSecretKeys',
    ]);
    expect(container(built)).toMatchObject({
      Image: expect.stringMatching(/\/jwks:c0ffee$/),
      Command: ['serve'],
      Environment: [
        { Name: 'AWS_REGION', Value: { Ref: 'AWS::Region' } },
        { Name: 'JWKS_ADDR', Value: ':8081' },
        { Name: 'UPSTREAM_JWKS', Value: { Ref: 'EnvVarUpstreamJwks' } },
      ],
      Secrets: [{ Name: 'PRIVATE_KEY', ValueFrom: { 'Fn::Sub': '${SecretsManagerSecretAppSecretKeys}:privateKey::' } }],
    });
    expect(built.parameters.map(({ name }) => name)).toEqual([
      'DesiredCountMain',
      'ECSCluster',
      'ECSTaskExecutionRole',
      'EnvVarUpstreamJwks',
      'HostHeader',
      'ListenerARN',
      expect.stringMatching(/^ListenerRulePriority[0-9a-f]{12}$/),
      'LoadBalancerSecurityGroup',
      'PermissionsBoundary',
      'SourceTag',
      'VPCID',
      'VersionTag',
    ]);
  });

  testWithFixtures('o5ui has its 6 resources', () => {
    const built = buildText(fixture('o5-ui'));
    expect(Object.values(built.template.Resources).map(({ Type }) => Type)).toEqual([
      'AWS::EC2::SecurityGroup',
      'AWS::ECS::Service',
      'AWS::ECS::TaskDefinition',
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      'AWS::IAM::Role',
      'AWS::ElasticLoadBalancingV2::ListenerRule',
    ]);
    expect(built.quickMode).toBe(true);
    expect(container(built)).not.toHaveProperty('Command');
    expect(built.parameters).toContainEqual(expect.objectContaining({ kind: 'rulePriority', group: 'FALLBACK' }));
    const [[, rule] = []] = ofType(built, 'AWS::ElasticLoadBalancingV2::ListenerRule');
    expect(rule?.Properties?.['Conditions']).toEqual([
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } },
      { Field: 'host-header', HostHeaderConfig: { Values: [{ 'Fn::Sub': 'o5.${HostHeader}' }] } },
    ]);
  });

  testWithFixtures('YAML and JSON, snake_case and camelCase, long and short names give the same bytes', () => {
    for (const name of ['jwtauth', 'o5-ui']) {
      const text = fixture(name);
      const bytes = JSON.stringify(buildText(text));
      const snake = text
        .replace('bypassIngress', 'bypass_ingress')
        .replaceAll('envVars', 'env_vars')
        .replaceAll('secretName', 'secret_name');
      const camel = text.replace('bypass_ingress', 'bypassIngress').replace('route_group', 'routeGroup');
      const short = text.replaceAll(/(ROUTE_PROTOCOL|DEMAND|ROUTE_GROUP)_/g, '');
      expect(JSON.stringify(buildText(JSON.stringify(parse(text)), 'app.json'))).toBe(bytes);
      for (const variant of [snake, camel, short]) expect(JSON.stringify(buildText(variant))).toBe(bytes);
    }
  });
});

describe('an application with repeated names', () => {
  const runtime = (name: string, prefix: string) => ({
    name,
    containers: [
      { ...web, envVars: [{ name: 'A', database: { databaseName: 'main' } }] },
      { ...web, name: 'side', envVars: [{ name: 'B', database: { databaseName: 'audit' } }] },
    ],
    routes: [
      { ...route, prefix },
      { ...route, prefix: `${prefix}side`, targetContainer: 'side' },
      { ...route, prefix: `${prefix}admin`, port: 9000 },
      { ...route, prefix: `${prefix}grpc`, protocol: 'GRPC' },
      { ...route, prefix, subdomains: ['www'] },
    ],
  });
  const built = build(
    sampleApplication({
      databases: [
        { name: 'main', postgres: {} },
        { name: 'audit', postgres: {} },
      ],
      runtimes: [runtime('main', '/a/'), runtime('worker', '/b/')],
    }),
  );

  test('keeps every resource under an id of its own', () => {
    expect(ofType(built, 'AWS::ElasticLoadBalancingV2::TargetGroup').map(([id]) => id)).toEqual(
      ['Main', 'Worker'].flatMap((name) =>
        ['GrpcWebP8080', 'HttpSideP8080', 'HttpWebP8080', 'HttpWebP9000'].map(
          (rest) => `ElasticLoadBalancingV2TargetGroup${name}${rest}`,
        ),
      ),
    );
    expect(ofType(built, 'AWS::ElasticLoadBalancingV2::ListenerRule')).toHaveLength(10);
    for (const type of ['AWS::ECS::Service', 'AWS::ECS::TaskDefinition', 'AWS::IAM::Role', 'AWS::EC2::SecurityGroup'])
      expect(ofType(built, type)).toHaveLength(2);
  });

  test('gives no two named resources one name', () => {
    const names = Object.values(built.template.Resources).map(({ Type, Properties }) =>
      [
        Type,
        Properties?.['Name'] ?? Properties?.['RoleName'] ?? Properties?.['Family'] ?? JSON.stringify(Properties),
      ].join(),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test('names target groups within 32 characters, apart even for stacks whose joined names are alike', () => {
    const groupName = (environment: string, name: string, more: object) => {
      const one = build(sampleApplication({ name, runtimes: [sampleRuntime(more)] }), { fullName: environment });
      return ofType(one, 'AWS::ElasticLoadBalancingV2::TargetGroup').map(
        ([, resource]) => resource.Properties?.['Name'],
      );
    };
    const one = groupName('eu', 'bb', { name: 'cc', containers: [{ ...web, name: 'dd-ee' }] });
    expect(one).toEqual([expect.stringMatching(/^eu-bb-cc-[0-9a-f]{8}$/)]);
    expect(groupName('eu-bb', 'cc', { name: 'dd', containers: [{ ...web, name: 'ee' }] })).not.toEqual(one);
    expect(groupName('eu', 'bb', { name: 'cc', containers: [{ ...web, name: 'dd_ee' }] })).not.toEqual(one);
    expect(groupName('environment-with-a-long-name', 'bb', {})).toEqual([
      expect.stringMatching(/^.{1,23}-[0-9a-f]{8}$/),
    ]);
  });

  test('starts each service after its rules and attaches each of its target groups once', () => {
    const service = built.template.Resources['ECSServiceMain'];
    expect(service?.DependsOn).toHaveLength(5);
    expect(at(service, 'Properties', 'LoadBalancers')).toHaveLength(4);
    expect(at(service, 'Properties', 'DeploymentConfiguration')).toEqual({
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    });
  });

  test('maps each container port once, on a free port of the instance', () => {
    expect(container(built)['PortMappings']).toEqual([
      { ContainerPort: 8080, HostPort: 0, Protocol: 'tcp' },
      { ContainerPort: 9000, HostPort: 0, Protocol: 'tcp' },
    ]);
  });
});

describe('databases', () => {
  const built = build(
    sampleApplication({
      secrets: [{ name: 'keys' }],
      databases: [
        {
          name: 'main',
          postgres: {
            dbNameSuffix: 'the-store',
            dbExtensions: ['uuid-ossp', 'citext'],
            migrations: { tool: 'dbmate', path: 'db' },
            migrateContainer: {
              image: { name: 'migrations' },
              command: ['up'],
              demand: 'MEDIUM',
              envVars: [
                { name: 'URL', database: { databaseName: 'main' } },
                { name: 'KEY', secret: { secretName: 'keys', jsonKey: 'k' } },
                { name: 'ORIGINS', fromEnv: { name: 'origins' } },
                { name: 'MODE', value: 'up' },
              ],
            },
          },
        },
      ],
      runtimes: [
        sampleRuntime({ containers: [{ ...web, envVars: [{ name: 'URL', database: { databaseName: 'main' } }] }] }),
      ],
    }),
  );

  test('never belong to the stack: no secret, no migration task, only the ARN as a parameter', () => {
    expect(Object.keys(built.template.Resources).filter((id) => /Secret|Migrat/.test(id))).toEqual([
      'SecretsManagerSecretAppSecretKeys',
    ]);
    expect(container(built)['Secrets']).toEqual([
      { Name: 'URL', ValueFrom: { 'Fn::Sub': '${DatabaseSecretMain}:dburl::' } },
    ]);
    expect(built.parameters).toContainEqual({ kind: 'databaseSecret', name: 'DatabaseSecretMain', database: 'main' });
    expect(built.template.Outputs).toBeUndefined();
  });

  test('stand beside it with their real name and the container that migrates them', () => {
    expect(built.databases).toEqual([
      {
        key: 'main',
        databaseName: 'prod_shop_the_store',
        serverGroup: 'default',
        extensions: ['citext', 'uuid-ossp'],
        migrationSource: { tool: 'dbmate', path: 'db' },
        migrate: {
          name: 'migrate',
          image: 'registry.example/team/migrations:c0ffee',
          command: ['up'],
          cpu: 512,
          memory: 1024,
          environment: [
            { name: 'AWS_REGION', value: 'eu-central-1' },
            { name: 'MODE', value: 'up' },
            { name: 'ORIGINS', value: 'a,b' },
          ],
          secrets: [
            { name: 'KEY', kind: 'secret', secretId: '/prod/shop/keys', jsonKey: 'k' },
            { name: 'URL', kind: 'database', database: 'main', jsonKey: 'dburl' },
          ],
        },
      },
    ]);
  });

  test('an unused one declares no parameter', () => {
    const unused = build(sampleApplication({ databases: [{ name: 'main', postgres: {} }] }));
    expect(unused.template.Parameters).not.toHaveProperty('DatabaseSecretMain');
    expect(unused.databases).toHaveLength(1);
  });

  test('images of services and migrations are listed once each, in order', () => {
    expect(built.images).toEqual(['registry.example/team/migrations:c0ffee', 'registry.example/team/shop:c0ffee']);
  });
});

describe('containers', () => {
  const withContainer = (more: object, environment: object = {}) =>
    container(
      build(sampleApplication({ runtimes: [sampleRuntime({ containers: [{ name: 'web', ...more }] })] }), environment),
    );

  test.each([
    [{ image: { name: 'shop' } }, 'registry.example/team/shop:c0ffee'],
    [{ image: { name: 'shop', tag: 'v1' } }, 'registry.example/team/shop:v1'],
    [{ image: { name: 'a/shop', registry: 'other.example/' } }, 'other.example/a/shop:c0ffee'],
    [{ imageUrl: 'other.example/x@sha256:1' }, 'other.example/x@sha256:1'],
  ])('%j runs the image %s', (more, image) => {
    expect(withContainer(more)['Image']).toBe(image);
  });

  test('demands differ by the size map of the environment', () => {
    const sizes = { sizes: { medium: { cpu: 300, memory: 700 } } };
    const size = (demand: string, environment: object = {}) => {
      const { Cpu, MemoryReservation } = withContainer({ imageUrl: 'a:1', demand }, environment);
      return [Cpu, MemoryReservation];
    };
    expect(['LIGHT', 'MEDIUM', 'HEAVY'].map((demand) => size(demand))).toEqual([
      [128, 256],
      [512, 1024],
      [1024, 2048],
    ]);
    expect(size('MEDIUM', sizes)).toEqual([300, 700]);
  });

  test('an AWS_REGION of its own wins over ours', () => {
    const { Environment } = withContainer({ imageUrl: 'a:1', envVars: [{ name: 'AWS_REGION', value: 'x' }] });
    expect(Environment).toEqual([{ Name: 'AWS_REGION', Value: 'x' }]);
  });

  test('logs go to the group of environment, application and container', () => {
    expect(at(withContainer({ imageUrl: 'a:1' }), 'LogConfiguration', 'Options')).toEqual({
      'awslogs-group': 'ecs/prod/shop/web',
      'awslogs-create-group': 'true',
      'awslogs-region': { Ref: 'AWS::Region' },
      'awslogs-stream-prefix': 'main',
    });
  });
});

describe('routes', () => {
  const withRoutes = (routes: object[], environment: object = {}) =>
    build(sampleApplication({ runtimes: [sampleRuntime({ routes })] }), environment);
  const hostsOf = (built: ReturnType<typeof build>) =>
    ofType(built, 'AWS::ElasticLoadBalancingV2::ListenerRule').map(([, { Properties }]) =>
      at(Properties, 'Conditions', 1, 'HostHeaderConfig', 'Values'),
    );

  test('health checks follow the protocol, are quick, and stay below their interval', () => {
    const groups = ofType(
      withRoutes([route, { ...route, prefix: '/g', protocol: 'GRPC' }]),
      'AWS::ElasticLoadBalancingV2::TargetGroup',
    );
    expect(groups.map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({
        ProtocolVersion: 'GRPC',
        HealthCheckPath: '/AWS.ALB/healthcheck',
        Matcher: { GrpcCode: '0-99' },
      }),
      expect.objectContaining({
        ProtocolVersion: 'HTTP1',
        HealthCheckPath: '/healthz',
        Matcher: { HttpCode: '200,401,404' },
      }),
    ]);
    for (const [, { Properties }] of groups)
      expect(Properties).toMatchObject({
        TargetType: 'instance',
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 4,
        HealthyThresholdCount: 2,
        TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
      });
  });

  test('a prefix that ends in * gets no second one', () => {
    const [[, rule] = []] = ofType(
      withRoutes([{ ...route, prefix: '/v1/*' }]),
      'AWS::ElasticLoadBalancingV2::ListenerRule',
    );
    expect(at(rule, 'Properties', 'Conditions', 0, 'PathPatternConfig', 'Values')).toEqual(['/v1/*']);
  });

  test('seven subdomains take three rules of different priorities that together cover them', () => {
    const built = withRoutes([{ ...route, subdomains: ['g', 'f', 'e', 'd', 'c', 'b', 'a'] }]);
    const hosts = hostsOf(built);
    expect(hosts).toHaveLength(3);
    expect(hosts.flat()).toHaveLength(7);
    expect(
      hosts
        .flat()
        .map((host) => at(host, 'Fn::Sub'))
        .sort(),
    ).toEqual([...'abcdefg'].map((name) => `${name}.\${HostHeader}`));
    expect(built.parameters.filter(({ kind }) => kind === 'rulePriority')).toHaveLength(3);
  });

  test('wildcards of the host header make the parts smaller, since a rule takes six', () => {
    const built = withRoutes([{ ...route, subdomains: ['a', 'b', 'c', 'd'] }], { aws: { hostHeader: '*.*' } });
    expect(hostsOf(built).map((hosts) => (hosts as unknown[]).length)).toEqual([2, 2]);
  });

  test('a rule keeps its id and its priority when it leads elsewhere, and not when its group changes', () => {
    const names = (more: object) => {
      const built = withRoutes([{ ...route, ...more }]);
      const [[id] = []] = ofType(built, 'AWS::ElasticLoadBalancingV2::ListenerRule');
      return [id, built.parameters.find(({ kind }) => kind === 'rulePriority')?.name];
    };
    const [id, priority] = names({});
    expect(names({ port: 9000 })).toEqual([id, priority]);
    expect(names({ routeGroup: 'FIRST' })).toEqual([id, priority?.replace('Priority', 'PriorityFirst')]);
  });
});

describe('roles', () => {
  test('a runtime may do nothing but what the environment gives it by name', () => {
    const built = build(sampleApplication({ runtimes: [sampleRuntime({ namedEnvPolicies: ['mail', 'mail'] })] }));
    expect(properties(built, 'IAMRoleMainAssume')).toMatchObject({
      RoleName: 'prod-shop-main',
      ManagedPolicyArns: [{ Ref: 'NamedIAMPolicyMainMail' }],
    });
    expect(properties(built, 'IAMRoleMainAssume')).not.toHaveProperty('Policies');
    expect(built.parameters).toContainEqual({
      kind: 'value',
      name: 'NamedIAMPolicyMainMail',
      value: 'arn:aws:iam::aws:policy/Mail',
    });
  });
});

test('every role is bounded by what the cluster names', () => {
  const runtimes = [sampleRuntime(), sampleRuntime({ name: 'worker', routes: [] })];
  const built = build(sampleApplication({ runtimes }));
  const roles = ofType(built, 'AWS::IAM::Role');
  expect(roles).toHaveLength(2);
  for (const [, role] of roles)
    expect(role?.Properties?.['PermissionsBoundary']).toEqual({ Ref: 'PermissionsBoundary' });
  expect(built.parameters).toContainEqual({
    kind: 'value',
    name: 'PermissionsBoundary',
    value: 'arn:aws:iam::000000000000:policy/boundary',
  });
});

test('secrets of the application outlive the stack, and a failed creation leaves nothing behind', () => {
  const built = build(sampleApplication({ secrets: [{ name: 'keys' }] }));
  expect(built.template.Resources['SecretsManagerSecretAppSecretKeys']).toMatchObject({
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: { Name: '/prod/shop/keys' },
  });
});

test('an explicit choice of mode travels with the build', () => {
  const mode = { use: 'AFTER', reason: 'the column is unused' };
  expect(build(sampleApplication({ deploymentConfig: { mode } })).mode).toEqual(mode);
  expect(build(sampleApplication())).not.toHaveProperty('mode');
});

test('what cannot be built is refused even without a check', () => {
  const envVars = [{ name: 'A', envMap: {} }];
  expect(() => build(sampleApplication({ runtimes: [sampleRuntime({ containers: [{ ...web, envVars }] })] }))).toThrow(
    'envMap says nothing',
  );
  expect(() =>
    build(sampleApplication({ runtimes: [sampleRuntime({ routes: [route, { ...route, port: 9 }] })] })),
  ).toThrow('share the logical id ListenerRule');
  expect(() =>
    build(
      sampleApplication({
        runtimes: [sampleRuntime({ containers: [{ ...web, envVars: [{ name: 'A', fromEnv: { name: 'nothing' } }] }] })],
      }),
    ),
  ).toThrow('The template refers to EnvVarNothing, which nothing declares');
});
