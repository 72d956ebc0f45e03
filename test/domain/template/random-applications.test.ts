import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { readConfiguration } from '../../../functions/adapters/yaml/configuration-reader.ts';
import { type Application, applicationSchema } from '../../../functions/domain/application/application.ts';
import { parseConfiguration } from '../../../functions/domain/configuration/parse-configuration.ts';
import { checkApplication } from '../../../functions/domain/environment/check.ts';
import { templateChanges } from '../../../functions/domain/plan/template-changes.ts';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { referencesOf } from '../../../functions/domain/template/references.ts';
import { resolveParameters } from '../../../functions/domain/template/resolve-parameters.ts';
import type { BuiltApplication, MigrationContainer } from '../../../functions/domain/template/template.ts';
import { withLostReference, withMisspeltKey } from '../../support/mutations.ts';
import { inputOf, type RandomCase, randomCases } from '../../support/random-application.ts';
import { resourceFaults } from '../../support/resource-faults.ts';
import { shuffled, spelledLong } from '../../support/spellings.ts';

const build = (one: RandomCase, more: object = {}) => buildTemplate({ ...inputOf(one), ...more });

const always = (runs: number, rule: (one: RandomCase) => void) =>
  fc.assert(fc.property(randomCases, rule), { numRuns: runs });

/** Types of which a template holds fewer resources than its application asks for. */
const missing = ({ runtimes, secrets, blobstores }: Application, { template }: BuiltApplication) => {
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  const subscribing = runtimes.filter(({ subscriptions }) => subscriptions.length > 0).length;
  const buckets = blobstores.filter(({ ref }) => !ref).length;
  const needed = {
    'AWS::ECS::Service': runtimes.length,
    'AWS::ECS::TaskDefinition': runtimes.length,
    'AWS::EC2::SecurityGroup': runtimes.length,
    'AWS::IAM::Role': runtimes.length,
    'AWS::ElasticLoadBalancingV2::ListenerRule': runtimes.flatMap(({ routes }) => routes).length,
    'AWS::S3::Bucket': buckets,
    'AWS::S3::BucketPolicy': buckets,
    'AWS::SQS::Queue': 2 * subscribing,
    'AWS::SQS::QueuePolicy': 2 * subscribing,
    'AWS::SecretsManager::Secret': secrets.length,
  };
  return Object.entries(needed).filter(([type, count]) => types.filter((one) => one === type).length < count);
};

test('no valid application is refused, and nothing of one is dropped', () => {
  always(500, (one) => {
    const input = inputOf(one);
    expect(checkApplication(input)).toEqual([]);
    expect(missing(input.application, buildTemplate(input))).toEqual([]);
  });
});

test('every name is the only one of its kind, every limit of AWS is kept, and every reference leads somewhere', () => {
  always(500, (one) => {
    const input = inputOf(one);
    const built = buildTemplate(input);
    expect([...resourceFaults(built, input.environment.aws.hostHeader), ...referenceFaults(built)]).toEqual([]);
  });
});

/** Names that lead nowhere, and parameters that nobody asks for. */
const referenceFaults = ({ template, parameters }: BuiltApplication): readonly string[] => {
  const declared = Object.keys(template.Parameters ?? {});
  const { names, attributes } = referencesOf(template.Resources);
  const known = new Set([...declared, ...Object.keys(template.Resources)]);
  return [
    ...[...names].filter((name) => !known.has(name)),
    ...[...attributes].filter((name) => !Object.hasOwn(template.Resources, name)),
    ...declared.filter((name, index) => !names.has(name) || parameters[index]?.name !== name),
    ...parameters.slice(declared.length).map(({ name }) => name),
  ];
};

test('O24: whoever is told of a socket shares it with a sidecar that knows the login, and the sidecar knows no other', () => {
  always(300, (one) => {
    const built = build(one);
    const runtimes = Object.values(built.template.Resources).flatMap((resource) => tasksIn(resource.Properties ?? {}));
    const migrations = built.databases.flatMap(({ migrate }) => migrate ?? []).map(migrationIn);
    for (const { told, known, logins } of [...runtimes, ...migrations]) {
      expect(known).toEqual([...new Set(told)].sort());
      expect(logins).toEqual(expect.arrayContaining(known.map((name) => `DB_CREDS_${name.toUpperCase()}`)));
    }
    const beside = built.databases.flatMap(({ migrate }) => migrate?.sidecar?.image ?? []);
    expect(built.images).toEqual(expect.arrayContaining(beside));
  });
});

interface Definition {
  readonly Name: string;
  readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly MountPoints?: readonly { readonly SourceVolume: string }[];
}

/** Which databases the containers of a task are told to reach by a socket that they see, and which its sidecar logs in to. */
const tasksIn = ({ ContainerDefinitions: containers }: Readonly<Record<string, unknown>>) => {
  if (!Array.isArray(containers)) return [];
  const seeing = (containers as readonly Definition[]).filter(({ MountPoints = [] }) =>
    MountPoints.some(({ SourceVolume }) => SourceVolume === 'sockets'),
  );
  const variables = (containers as readonly Definition[]).flatMap(({ Name, Environment = [] }) =>
    Environment.map((variable) => ({ of: Name, name: variable.Name, value: String(variable.Value) })),
  );
  const told = variables.filter(({ value }) => value.startsWith('host=/sockets/postgres '));
  expect(seeing.map(({ Name }) => Name)).toEqual(expect.arrayContaining(told.map(({ of }) => of)));
  return [{ told: told.map(({ value }) => /dbname=(\w+)/.exec(value)?.[1] ?? ''), ...knownBy(variables) }];
};

const migrationIn = ({ environment, sidecar }: MigrationContainer) => ({
  told: environment.flatMap(
    ({ value }) => /^postgres:\/\/\w+@\/(\w+)\?host=\/sockets\/postgres&/.exec(value)?.[1] ?? [],
  ),
  ...knownBy(sidecar?.environment ?? []),
});

const knownBy = (variables: readonly { readonly name: string; readonly value: string }[]) => ({
  known: variables
    .flatMap(({ name, value }) => (name === 'POSTGRES_IAM_PROXY' ? value.split(',') : []))
    .map((name) => name.toLowerCase())
    .sort(),
  logins: variables.map(({ name }) => name).filter((name) => name.startsWith('DB_CREDS_')),
});

test('F19: the same application gives the same bytes, whatever the order of what has none', () => {
  fc.assert(
    fc.property(randomCases, fc.nat(), (one, seed) => {
      const turned = shuffled(one, seed) as RandomCase;
      expect(JSON.stringify(build(turned))).toBe(JSON.stringify(build(one)));
    }),
    { numRuns: 300 },
  );
});

test('snake_case keys and long names of enums say the same, in YAML and in JSON', () => {
  const read = (path: string, text: string) => {
    const answer = readConfiguration(applicationSchema, { path, text });
    return answer.kind === 'read' ? answer.value : answer.errors;
  };
  always(60, (one) => {
    const { application } = inputOf(one);
    const long = spelledLong(one.document);
    expect(read('app.json', JSON.stringify(one.document))).toEqual(application);
    expect(read('app.json', JSON.stringify(long))).toEqual(application);
    expect(read('app.yaml', stringify(long))).toEqual(application);
  });
});

test('an unchanged application has no changes, and a new version of it those of its tasks alone', () => {
  const declared = (built: BuiltApplication) => ({
    template: built.template,
    parameters: resolveParameters(built.parameters, {
      counts: {},
      priorities: Object.fromEntries(built.parameters.map(({ name }, index) => [name, index])),
      secrets: Object.fromEntries(built.databases.map(({ key }) => [key, `arn:aws:secretsmanager:::secret:${key}`])),
    }),
  });
  always(80, (one) => {
    const [before, after] = [build(one), build(one, { version: 'c0ffe2' })];
    expect(templateChanges(declared(before), declared(build(structuredClone(one))))).toEqual([]);
    expect(JSON.stringify(after).replaceAll('c0ffe2', 'c0ffee')).toBe(JSON.stringify(before));
    const changes = templateChanges(declared(before), declared(after));
    for (const { logicalId, type, properties } of changes)
      expect([logicalId, type, ...properties]).toEqual([logicalId, ...changed(type, properties)]);
    expect(changes.map(({ type }) => type).filter((type) => type === 'AWS::ECS::TaskDefinition')).toHaveLength(
      inputOf(one).application.runtimes.length,
    );
  });
});

test('a key that is a letter off is refused with the right one', () => {
  fc.assert(
    fc.property(
      randomCases.chain(({ document }) => withMisspeltKey(document)),
      ({ document, keys, right }) => {
        const parsed = parseConfiguration(applicationSchema, document);
        const findings = parsed.kind === 'invalid' ? parsed.findings : [];
        expect(findings).toContainEqual(expect.objectContaining({ keys, nearest: right }));
      },
    ),
    { numRuns: 150 },
  );
});

test('a name that leads nowhere is refused at its place, and the message holds it', () => {
  const mutated = randomCases.chain((one) => {
    const mutation = withLostReference(one.document);
    return mutation ? mutation.map((lost) => ({ one, lost })) : fc.constant(undefined);
  });
  fc.assert(
    fc.property(mutated, (given) => {
      fc.pre(given !== undefined);
      const { one, lost } = given;
      const parsed = parseConfiguration(applicationSchema, lost.document);
      const findings =
        parsed.kind === 'invalid' ? parsed.findings : checkApplication({ ...inputOf(one), application: parsed.value });
      const message = expect.stringContaining(`"${lost.right}-lost"`);
      expect(findings).toContainEqual(expect.objectContaining({ keys: lost.keys, message }));
    }),
    { numRuns: 150 },
  );
});

const changed = (type: string, properties: readonly string[]) =>
  type === 'AWS::ECS::Service'
    ? [type, 'TaskDefinition']
    : ['AWS::ECS::TaskDefinition', ...(properties.length > 1 ? ['ContainerDefinitions'] : []), 'Tags'];
