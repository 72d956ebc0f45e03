import type { World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { AWS_MANAGED_POLICIES, findAwsManagedPolicy } from './managed-policies.ts';
import type { PolicyDocument } from './policy.ts';

export interface RoleRecord {
  readonly roleName: string;
  /** Of the resource that made it: the same resource may ask for it again. */
  readonly seed: string;
  readonly arn: string;
  readonly roleId: string;
  readonly path: string;
  readonly trust: PolicyDocument;
  readonly managedPolicyArns: readonly string[];
  readonly boundaryArn?: string;
  readonly createdAtMillis: number;
}

/** A policy with a name of its own; `roles` are those it attaches itself to. */
export interface ManagedPolicyRecord {
  readonly policyName: string;
  readonly seed: string;
  readonly document: PolicyDocument;
  readonly roles: readonly string[];
}

/** A policy of a role: an inline one by its name, a managed one by its ARN. */
export interface AttachedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

export type Roles = ReturnType<typeof rolesOf>;

/** Roles and what is attached to them, as the store holds them. */
export const rolesOf = (world: World) => {
  const roles = world.store.remembered<RoleRecord>('iam-roles');
  const inline = world.store.remembered<PolicyDocument>('iam-inline-policies');
  const managed = world.store.remembered<ManagedPolicyRecord>('iam-managed-policies');
  const findByArn = (arn: string) => {
    const role = roles.get(nameFrom(arn));
    return role?.arn === arn ? role : undefined;
  };
  const getManaged = (arn: string): PolicyDocument => {
    const document = managed.get(arn)?.document ?? findAwsManagedPolicy(arn);
    if (document) return document;
    const known = Object.keys(AWS_MANAGED_POLICIES).join(', ');
    const words = `Policy ${arn} does not exist or is not attachable.`;
    throw new AwsError('NoSuchEntity', `${words} Of AWS's own, the embedded cloud knows ${known}.`, 404);
  };
  return {
    roles,
    inline,
    managed,
    findByArn,
    /** Throws NoSuchEntity for a managed policy that nobody made. */
    getManaged,
    policiesOf: (role: RoleRecord): AttachedPolicy[] => [
      ...inline
        .list(`${role.roleName}/`)
        .map(({ key, value }) => ({ name: key.slice(role.roleName.length + 1), document: value })),
      ...role.managedPolicyArns.map((arn) => ({ name: arn, document: getManaged(arn) })),
      ...managed
        .list()
        .flatMap(({ key, value }) =>
          value.roles.includes(role.roleName) ? [{ name: key, document: value.document }] : [],
        ),
    ],
    boundaryOf: (role: RoleRecord): PolicyDocument | undefined =>
      role.boundaryArn === undefined ? undefined : getManaged(role.boundaryArn),
  };
};

const nameFrom = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);
