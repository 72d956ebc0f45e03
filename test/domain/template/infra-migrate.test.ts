import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { findCycle } from '../../../functions/domain/template/find-cycle.ts';
import { infraMigrateTemplate, keptParameters } from '../../../functions/domain/template/infra-migrate.ts';
import { referencesOf } from '../../../functions/domain/template/references.ts';
import { servingIds, servingTypes } from '../../../functions/domain/template/serving.ts';
import type { Template, TemplateResource } from '../../../functions/domain/template/template.ts';
import {
  sampleApplication,
  sampleCluster,
  sampleEnvironment,
  sampleRuntime,
  sha256,
} from '../../support/sample-configuration.ts';

const task = 'AWS::ECS::TaskDefinition';
const bucket = (name: string, more: object = {}): TemplateResource => ({
  Type: 'AWS::S3::Bucket',
  Properties: { name },
  ...more,
});
const of = (Resources: Template['Resources'], more: Partial<Template> = {}): Template => ({ Resources, ...more });

const built = (version: string, more: object = {}) =>
  buildTemplate({
    application: sampleApplication(more),
    environment: sampleEnvironment(),
    cluster: sampleCluster(),
    version,
    hash: sha256,
  }).template;

describe('InfraMigrate before the version', () => {
  test('adds what is new beside what serves, and leaves what serves byte for byte', () => {
    const running = built('1');
    const release = built('2', {
      secrets: [{ name: 'keys' }],
      runtimes: [
        sampleRuntime({
          containers: [
            { name: 'web', image: { name: 'shop' }, envVars: [{ name: 'K', secret: { secretName: 'keys' } }] },
          ],
          namedEnvPolicies: ['mail'],
        }),
        sampleRuntime({ name: 'worker', routes: [] }),
      ],
    });
    const result = infraMigrateTemplate(running, release);
    const added = Object.keys(result.Resources).filter((id) => !running.Resources[id]);
    expect(added.sort()).toEqual([
      'EC2SecurityGroupWorker',
      'IAMRoleWorkerAssume',
      'SecretsManagerSecretAppSecretKeys',
    ]);
    for (const [id, resource] of Object.entries(running.Resources)) expect(result.Resources[id]).toEqual(resource);
    // The role of the running task definition waits for the version, and so does the policy it would take.
    expect(result.Parameters).not.toHaveProperty('NamedIAMPolicyMainMail');
  });

  test('a first release gets everything but what serves', () => {
    const running = of({ NullResource: { Type: 'AWS::CloudFormation::WaitConditionHandle' } });
    const result = infraMigrateTemplate(running, built('1', { secrets: [{ name: 'keys' }] }));
    expect(Object.keys(result.Resources).sort()).toEqual([
      'EC2SecurityGroupMain',
      'IAMRoleMainAssume',
      'NullResource',
      'SecretsManagerSecretAppSecretKeys',
    ]);
    expect(Object.keys(result.Parameters ?? {}).sort()).toEqual([
      'LoadBalancerSecurityGroup',
      'PermissionsBoundary',
      'VPCID',
    ]);
  });

  test('without a change beside what serves it is the running template', () => {
    const running = built('1', { secrets: [{ name: 'old' }] });
    expect(infraMigrateTemplate(running, built('2'))).toEqual(running);
  });

  test('changes what nothing running refers to, and nothing that something does', () => {
    const running = of({
      Task: { Type: task, Properties: { a: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Role: { Type: 'AWS::IAM::Role', DependsOn: 'Policy' },
      Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { b: { 'Fn::Sub': '${Far}' } } },
      Far: bucket('old'),
      Free: bucket('old'),
    });
    const release = of({ ...running.Resources, Far: bucket('new'), Free: bucket('new'), Policy: bucket('x') });
    expect(infraMigrateTemplate(running, release).Resources).toEqual({ ...running.Resources, Free: bucket('new') });
  });

  test('what needs something that waits, waits too', () => {
    const running = of({ Free: bucket('old') });
    const release = of({
      Free: bucket('new', { DependsOn: 'Alarm' }),
      Alarm: bucket('alarm', { Metadata: { on: { Ref: 'Service' } } }),
      Service: { Type: 'AWS::ECS::Service' },
      Alone: bucket('alone'),
    });
    expect(infraMigrateTemplate(running, release).Resources).toEqual({ Free: bucket('old'), Alone: bucket('alone') });
  });

  test('parameters, conditions and mappings come along, and clashing ones hold their resource back', () => {
    const running = of(
      { Old: bucket('old') },
      {
        Parameters: { P: { Type: 'String' } },
        Conditions: { C: { 'Fn::Equals': ['a', 'b'] } },
        Outputs: { O: { Value: 1 } },
      },
    );
    const release = of(
      {
        Typed: bucket('typed', { Properties: { a: { Ref: 'P' } } }),
        Conditional: bucket('c', { Condition: 'C' }),
        Fresh: bucket('fresh', { Condition: 'D', Properties: { a: { 'Fn::FindInMap': ['M', 'a', { Ref: 'Q' }] } } }),
      },
      {
        Parameters: { P: { Type: 'Number' }, Q: { Type: 'String' }, R: { Type: 'String' }, Unused: { Type: 'String' } },
        Conditions: {
          C: { 'Fn::Equals': ['a', 'a'] },
          D: { 'Fn::Not': [{ Condition: 'E' }] },
          E: { 'Fn::Equals': [{ Ref: 'R' }, 'x'] },
        },
        Mappings: { M: { a: { b: 'c' } }, Unused: {} },
        Outputs: { Other: { Value: 2 } },
      },
    );
    expect(infraMigrateTemplate(running, release)).toEqual({
      Resources: { Old: bucket('old'), Fresh: release.Resources['Fresh'] },
      Parameters: { P: { Type: 'String' }, Q: { Type: 'String' }, R: { Type: 'String' } },
      Conditions: { C: { 'Fn::Equals': ['a', 'b'] }, D: release.Conditions?.['D'], E: release.Conditions?.['E'] },
      Mappings: { M: { a: { b: 'c' } } },
      Outputs: { O: { Value: 1 } },
    });
  });

  test('a change that would close a circle with what has to wait, waits', () => {
    const running = of({ A: bucket('a', { DependsOn: 'B' }), B: bucket('b') });
    const release = of({
      A: bucket('a2', { Metadata: { on: { Ref: 'Service' } } }),
      B: bucket('b2', { DependsOn: 'A' }),
      New: bucket('new'),
      Service: { Type: 'AWS::ECS::Service' },
    });
    expect(infraMigrateTemplate(running, release).Resources).toEqual({ ...running.Resources, New: bucket('new') });
  });

  test('the type behind an id never changes', () => {
    const running = of({ A: bucket('a') });
    expect(infraMigrateTemplate(running, of({ A: { Type: 'AWS::SQS::Queue' } }))).toEqual(running);
  });

  test('every parameter of the running template keeps its value', () => {
    expect(keptParameters(built('1'))).toEqual(Object.keys(built('1').Parameters ?? {}).sort());
    expect(keptParameters(of({}))).toEqual([]);
  });
});

describe('for any two templates', () => {
  // Resources refer only to ids behind them in the alphabet, as CloudFormation demands: no circles.
  const ids = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
  const parameters = ['P', 'Q', 'R'];
  const reference = (targets: string[]) =>
    fc
      .constantFrom(...targets)
      .chain((id) =>
        fc.constantFrom<unknown[]>(
          { Ref: id },
          { 'Fn::GetAtt': [id, 'Arn'] },
          { 'Fn::Sub': `x\${${id}}y` },
          { 'Fn::Sub': ['${v}', { v: { Ref: id } }] },
        ),
      );
  const resource = (index: number, order: string[]) =>
    fc.record({
      Type: fc.constantFrom(...servingTypes, 'AWS::S3::Bucket', 'AWS::S3::Bucket', 'AWS::IAM::Role', 'AWS::IAM::Role'),
      Properties: fc.record({
        a: fc.constantFrom('x', 'y'),
        b: fc.option(reference([...parameters, ...order.slice(index + 1)]), { nil: 'none' }),
        c: fc.option(reference([...parameters, ...order.slice(index + 1)]), { nil: 'none' }),
      }),
    });
  const template = (order: string[]): fc.Arbitrary<Template> =>
    fc
      .tuple(
        ...order.map((id, index) =>
          fc.option(
            resource(index, order).map((it) => [id, it] as const),
            { freq: 4 },
          ),
        ),
      )
      .map((entries) => {
        const Resources: Record<string, TemplateResource> = Object.fromEntries(
          entries.filter((entry) => entry !== null),
        );
        const declared = [...referencesOf(Resources).names].filter((name) => parameters.includes(name));
        const missing = [...referencesOf(Resources).names].filter(
          (name) => !Resources[name] && !declared.includes(name),
        );
        for (const id of missing) Resources[id] = bucket(id);
        return { Resources, Parameters: Object.fromEntries(declared.map((name) => [name, { Type: 'String' }])) };
      });
  // The release has another order, so that merging could close circles.
  const pair = fc.tuple(template(ids), fc.shuffledSubarray(ids, { minLength: ids.length }).chain(template));

  test('the result stands by itself, keeps what serves to the byte, and deletes nothing', () => {
    fc.assert(
      fc.property(pair, ([running, release]) => {
        const result = infraMigrateTemplate(running, release);
        const known = { ...result.Parameters, ...result.Resources };
        expect([...referencesOf(result.Resources).names].filter((name) => !(name in known))).toEqual([]);
        expect(Object.keys(result.Resources)).toEqual(expect.arrayContaining(Object.keys(running.Resources)));
        for (const id of servingIds(running))
          expect(JSON.stringify(result.Resources[id])).toBe(JSON.stringify(running.Resources[id]));
        expect(result.Parameters).toMatchObject(running.Parameters ?? {});
        expect(findCycle(result.Resources)).toBeUndefined();
        for (const [id, { Type }] of Object.entries(result.Resources))
          if (!running.Resources[id]) expect(servingTypes.has(Type)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test('doing it twice does nothing more', () => {
    fc.assert(
      fc.property(pair, ([running, release]) => {
        const once = infraMigrateTemplate(running, release);
        const twice = infraMigrateTemplate(once, release);
        expect(Object.keys(twice.Resources).sort()).toEqual(Object.keys(once.Resources).sort());
        for (const id of servingIds(running)) expect(twice.Resources[id]).toEqual(once.Resources[id]);
      }),
    );
  });
});
