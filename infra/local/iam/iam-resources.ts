import { generatedName, letters } from '../generated-name.ts';
import type { Properties, Resource, ResourceProvider, ResourceRequest, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { type PolicyDocument, policyFrom } from './policy.ts';
import type { RoleRecord, Roles } from './roles.ts';

/** AWS::IAM::Role, AWS::IAM::Policy and AWS::IAM::ManagedPolicy. */
export const iamResources = (world: World, roles: Roles): Readonly<Record<string, ResourceProvider>> => ({
  'AWS::IAM::Role': roleProvider(world, roles),
  'AWS::IAM::Policy': inlineProvider(roles),
  'AWS::IAM::ManagedPolicy': managedProvider(world, roles),
});

type Made = Pick<ResourceRequest, 'seed' | 'properties'>;

const roleProvider = (world: World, roles: Roles): ResourceProvider => {
  const save = (roleName: string, { seed, properties }: Made, previous: Properties): Resource => {
    const known = roles.roles.get(roleName);
    const role = roleFrom(world, { roleName, seed, properties }, known);
    for (const arn of [...role.managedPolicyArns, ...(role.boundaryArn ? [role.boundaryArn] : [])])
      roles.getManaged(arn);
    const policies = inlineFrom(properties);
    for (const [name] of inlineFrom(previous)) roles.inline.delete(`${roleName}/${name}`);
    roles.roles.put(roleName, role);
    for (const [name, document] of policies) roles.inline.put(`${roleName}/${name}`, document);
    return { physicalId: roleName, attributes: { Arn: role.arn, RoleId: role.roleId } };
  };
  return {
    create: async (request) => {
      const roleName = text(request.properties['RoleName']) ?? generatedName(request, 64);
      if ((roles.roles.get(roleName)?.seed ?? request.seed) !== request.seed)
        throw new AwsError('EntityAlreadyExists', `Role with name ${roleName} already exists.`, 409);
      return save(roleName, request, {});
    },
    update: async (request) => save(request.physicalId, request, request.previous),
    delete: async ({ physicalId }) => {
      for (const { key } of roles.inline.list(`${physicalId}/`)) roles.inline.delete(key);
      roles.roles.delete(physicalId);
    },
    importing: {
      identifier: ['RoleName'],
      find: async ({ RoleName = '' }) => {
        const role = roles.roles.get(RoleName);
        return role && { physicalId: RoleName, attributes: { Arn: role.arn, RoleId: role.roleId } };
      },
    },
  };
};

/** An inline policy lives on each of its roles, under its own name. */
const inlineProvider = (roles: Roles): ResourceProvider => {
  const keysOf = (properties: Properties) =>
    names(properties['Roles']).map((role) => `${role}/${text(properties['PolicyName'])}`);
  const attach = (properties: Properties): Resource => {
    const document = policyFrom(properties['PolicyDocument'], 'identity');
    for (const role of names(properties['Roles'])) {
      if (!roles.roles.get(role))
        throw new AwsError('NoSuchEntity', `The role with name ${role} cannot be found.`, 404);
    }
    for (const key of keysOf(properties)) roles.inline.put(key, document);
    return { physicalId: text(properties['PolicyName']) ?? '', attributes: {} };
  };
  return {
    create: async ({ properties }) => attach(properties),
    update: async ({ properties, previous }) => {
      const attached = attach(properties);
      const kept = new Set(keysOf(properties));
      for (const key of keysOf(previous)) if (!kept.has(key)) roles.inline.delete(key);
      return attached;
    },
    delete: async ({ properties }) => {
      for (const key of keysOf(properties)) roles.inline.delete(key);
    },
  };
};

const managedProvider = (world: World, roles: Roles): ResourceProvider => {
  const save = (arn: string, policyName: string, { seed, properties }: Made): Resource => {
    const document = policyFrom(properties['PolicyDocument'], 'identity');
    roles.managed.put(arn, { policyName, seed, document, roles: names(properties['Roles']) });
    return { physicalId: arn, attributes: { PolicyArn: arn, PolicyId: `ANPA${letters(arn, 17)}` } };
  };
  return {
    create: async (request) => {
      const policyName = text(request.properties['ManagedPolicyName']) ?? generatedName(request, 128);
      const arn = `arn:aws:iam::${world.account}:policy${text(request.properties['Path']) ?? '/'}${policyName}`;
      if ((roles.managed.get(arn)?.seed ?? request.seed) !== request.seed)
        throw new AwsError('EntityAlreadyExists', `A policy called ${policyName} already exists.`, 409);
      return save(arn, policyName, request);
    },
    update: async (request) =>
      save(request.physicalId, request.physicalId.slice(request.physicalId.lastIndexOf('/') + 1), request),
    delete: async ({ physicalId }) => {
      const inUse = roles.roles
        .list()
        .find(({ value }) => [...value.managedPolicyArns, value.boundaryArn].includes(physicalId));
      if (inUse)
        throw new AwsError(
          'DeleteConflict',
          `Cannot delete a policy attached to entities: role ${inUse.key} still names ${physicalId}.`,
          409,
        );
      roles.managed.delete(physicalId);
    },
  };
};

const roleFrom = (
  world: World,
  { roleName, seed, properties }: Made & { readonly roleName: string },
  known?: RoleRecord,
): RoleRecord => {
  const path = known?.path ?? text(properties['Path']) ?? '/';
  const boundaryArn = text(properties['PermissionsBoundary']);
  return {
    roleName,
    seed: known?.seed ?? seed,
    path,
    arn: `arn:aws:iam::${world.account}:role${path}${roleName}`,
    roleId: known?.roleId ?? `AROA${letters(`${world.account} ${roleName}`, 17)}`,
    trust: policyFrom(properties['AssumeRolePolicyDocument'], 'trust'),
    managedPolicyArns: names(properties['ManagedPolicyArns']),
    ...(boundaryArn && { boundaryArn }),
    createdAtMillis: known?.createdAtMillis ?? world.clock.now(),
  };
};

const inlineFrom = (properties: Properties): [string, PolicyDocument][] =>
  ((properties['Policies'] ?? []) as readonly Properties[]).map((policy) => [
    text(policy['PolicyName']) ?? '',
    policyFrom(policy['PolicyDocument'], 'identity'),
  ]);

const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

const names = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
