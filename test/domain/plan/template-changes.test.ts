import { CreateChangeSetCommand, CreateStackCommand, DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalChange } from '../../../functions/adapters/aws/change-set.ts';
import type { ResourceChange } from '../../../functions/domain/plan/plan.ts';
import { type Declared, templateChanges } from '../../../functions/domain/plan/template-changes.ts';
import { outsidePlan } from '../../../functions/domain/plan/within-plan.ts';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { emptyTemplate } from '../../../functions/domain/template/empty-template.ts';
import { resolveParameters } from '../../../functions/domain/template/resolve-parameters.ts';
import type { Template, TemplateResource } from '../../../functions/domain/template/template.ts';
import { atRest, openStage, parametersOf, type Stage, turn } from '../../local/cloudformation/stage.ts';
import { firstPriorities } from '../../support/first-priorities.ts';
import {
  sampleApplication,
  sampleCluster,
  sampleEnvironment,
  sampleRuntime,
  sha256,
} from '../../support/sample-configuration.ts';

const declared = (resources: Template['Resources'], more: Partial<Template> = {}, parameters = {}): Declared => ({
  template: { Resources: resources, ...more },
  parameters,
});
const topic = (properties: object = {}, more: object = {}): TemplateResource => ({
  Type: 'AWS::SNS::Topic',
  Properties: { ...properties },
  ...more,
});
const inShort = (changes: readonly ResourceChange[]) =>
  changes.map(({ action, logicalId, replacement, properties }) =>
    [action, logicalId, replacement, properties.join()].join(' ').trim(),
  );
const found = (running: Declared, release: Declared) => inShort(templateChanges(running, release));

describe('What changes between two templates', () => {
  test('is nothing where both mean the same', () => {
    const running = declared({ A: topic({ One: 1, Two: { x: [1] } }) });
    expect(found(running, declared({ A: topic({ Two: { x: [1] }, One: 1 }) }))).toEqual([]);
  });

  test('is what is new, what is gone and what differs, by its properties', () => {
    const running = declared({ Gone: topic(), Kept: topic({ A: 1, B: 1, C: 1 }), Same: topic() });
    const release = declared({ Kept: topic({ A: 1, B: 2, D: 1 }), New: topic(), Same: topic() });
    expect(found(running, release)).toEqual(['Remove Gone False', 'Modify Kept Conditional B,C,D', 'Add New False']);
  });

  test('is what a parameter of another value stands in, however deep', () => {
    const of = (value: string) =>
      declared(
        { A: topic({ Ref: { list: [{ Ref: 'P' }] }, Sub: { 'Fn::Sub': ['${P}', { X: 1 }] }, Fixed: { Ref: 'Q' } }) },
        { Parameters: { P: { Type: 'String' }, Q: { Type: 'String', Default: 'q' } } },
        { P: value },
      );
    expect(found(of('one'), of('one'))).toEqual([]);
    expect(found(of('one'), of('two'))).toEqual(['Modify A Conditional Ref,Sub']);
  });

  test('is what a condition of another meaning surrounds', () => {
    const of = (value: string) =>
      declared(
        { A: topic({ Size: { 'Fn::If': ['Big', 2, 1] } }), B: topic({}, { Condition: 'Outer' }) },
        {
          Parameters: { P: { Type: 'String' } },
          Conditions: { Outer: { 'Fn::Not': [{ Condition: 'Big' }] }, Big: { 'Fn::Equals': [{ Ref: 'P' }, 'big'] } },
        },
        { P: value },
      );
    expect(found(of('big'), of('small'))).toEqual(['Modify A Conditional Size', 'Modify B Conditional']);
  });

  test('goes on to whoever refers to what is replaced, and no further', () => {
    const of = (family: string) =>
      declared({
        Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Family: family } },
        Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: { Ref: 'Task' }, PropagateTags: 'NONE' } },
        Alarm: topic({ About: { Ref: 'Service' } }),
        Mirror: topic({ About: { 'Fn::Sub': '${Service.Name}' } }),
      });
    // The service stays, and with it what refers to it; an attribute of it may change.
    expect(found(of('a'), of('b'))).toEqual([
      'Modify Mirror Conditional About',
      'Modify Service False TaskDefinition',
      'Modify Task True Family',
    ]);
  });

  test('tells what a removal keeps', () => {
    const changes = templateChanges(
      declared({ Kept: topic({}, { DeletionPolicy: 'RetainExceptOnCreate' }), Gone: topic() }),
      declared({}),
    );
    expect(changes.map(({ policyAction }) => policyAction)).toEqual(['Delete', 'Retain']);
  });

  test('is the whole release where there is no stack yet', () => {
    expect(found({ template: emptyTemplate, parameters: {} }, declared({ A: topic() }))).toEqual([
      'Add A False',
      'Remove NullResource False',
    ]);
  });
});

describe("Beside CloudFormation's own change set", () => {
  let stage: Stage;
  const provider = {
    create: async ({ logicalId, seed }: { readonly logicalId: string; readonly seed: string }) => ({
      physicalId: `${logicalId}-${seed.slice(0, 8)}`,
      attributes: { Arn: `arn:${logicalId}` },
    }),
    update: async ({ physicalId, logicalId }: { readonly physicalId: string; readonly logicalId: string }) => ({
      physicalId,
      attributes: { Arn: `arn:${logicalId}` },
    }),
    delete: async () => undefined,
  };
  const types = [
    'AWS::ECS::Service',
    'AWS::ECS::TaskDefinition',
    'AWS::IAM::Role',
    'AWS::EC2::SecurityGroup',
    'AWS::SecretsManager::Secret',
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    'AWS::ElasticLoadBalancingV2::ListenerRule',
  ];
  beforeAll(async () => {
    const providers = Object.fromEntries(types.map((type) => [type, provider]));
    stage = await openStage({ options: { providers: () => providers } });
  });
  afterAll(() => stage.close());

  /** What a release may have or not. */
  const features = fc.record({
    version: fc.constantFrom('1', '2'),
    port: fc.constantFrom(8080, 9090),
    group: fc.constantFrom('FIRST', 'NORMAL'),
    policy: fc.boolean(),
    secret: fc.boolean(),
    worker: fc.boolean(),
    variable: fc.constantFrom('a', 'b'),
  });
  type Features = typeof features extends fc.Arbitrary<infer F> ? F : never;

  const release = ({ version, port, group, policy, secret, worker, variable }: Features): Declared => {
    const container = {
      name: 'web',
      image: { name: 'shop' },
      envVars: [
        { name: 'GREETING', value: variable },
        ...(secret ? [{ name: 'KEY', secret: { secretName: 'key', jsonKey: 'key' } }] : []),
      ],
    };
    const built = buildTemplate({
      application: sampleApplication({
        ...(secret && { secrets: [{ name: 'key' }] }),
        runtimes: [
          sampleRuntime({
            containers: [container],
            routes: [{ prefix: '/shop/', protocol: 'HTTP', bypassIngress: true, port, routeGroup: group }],
            ...(policy && { namedEnvPolicies: ['mail'] }),
          }),
          ...(worker ? [{ name: 'worker', containers: [container] }] : []),
        ],
      }),
      environment: sampleEnvironment(),
      cluster: sampleCluster(),
      version,
      hash: sha256,
    });
    const world = { priorities: firstPriorities(built.parameters), counts: {}, secrets: {} };
    return { template: built.template, parameters: resolveParameters(built.parameters, world) };
  };

  const requestOf = ({ template, parameters }: Declared) => ({
    TemplateBody: JSON.stringify(template),
    Parameters: parametersOf(parameters),
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
  });

  const changeSet = async (StackName: string, next: Declared) => {
    const names = { StackName, ChangeSetName: 'next' };
    await stage.client.send(new CreateChangeSetCommand({ ...names, ...requestOf(next) }));
    for (;;) {
      const read = await stage.client.send(new DescribeChangeSetCommand(names));
      if (read.Status === 'FAILED') return [];
      if (read.Status === 'CREATE_COMPLETE')
        return (read.Changes ?? []).flatMap(({ ResourceChange }) =>
          ResourceChange ? [canonicalChange(ResourceChange)] : [],
        );
      await turn();
    }
  };

  let stacks = 0;

  test('nothing is missed and nothing counts for less, whatever of a release changes', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(features, features, async (one, other) => {
        const [running, next] = [release(one), release(other)];
        const name = `prod-shop-${++stacks}`;
        await stage.client.send(new CreateStackCommand({ StackName: name, ...requestOf(running) }));
        expect((await atRest(stage, name)).StackStatus).toBe('CREATE_COMPLETE');
        const own = await changeSet(name, next);
        const local = templateChanges(running, next);
        expect(outsidePlan(local, own)).toEqual([]);
        // And no resource is named that CloudFormation would leave alone.
        expect(local.map(({ logicalId }) => logicalId)).toEqual(own.map(({ logicalId }) => logicalId).toSorted());
        compared += own.length;
      }),
      { numRuns: 15 },
    );
    expect(compared).toBeGreaterThan(15);
  });
});
