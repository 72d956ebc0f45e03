import { queryService } from '../wire/query.ts';
import { AwsError, type Input, type WireService } from '../wire/service.ts';
import type { RoleRecord, Roles } from './roles.ts';

/** The two questions about roles that tools ask. */
export const iamService = (roles: Roles): WireService =>
  queryService('iam', 'https://iam.amazonaws.com/doc/2010-05-08/', {
    GetRole: {
      resources: (input: Input) => [roles.roles.get(String(input.RoleName))?.arn ?? '*'],
      run: (input: Input) => {
        const role = roles.roles.get(String(input.RoleName));
        if (!role) throw new AwsError('NoSuchEntity', `The role with name ${input.RoleName} cannot be found.`, 404);
        return { Role: shown(role) };
      },
    },
    ListRoles: {
      run: (input: Input) => ({
        Roles: roles.roles
          .list()
          .map(({ value }) => shown(value))
          .filter((role) => role.Path.startsWith(String(input.PathPrefix ?? '/'))),
        IsTruncated: false,
      }),
    },
  });

const shown = (role: RoleRecord) => ({
  Path: role.path,
  RoleName: role.roleName,
  RoleId: role.roleId,
  Arn: role.arn,
  CreateDate: new Date(role.createdAtMillis),
  AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
  ...(role.boundaryArn && { PermissionsBoundary: { PermissionsBoundaryArn: role.boundaryArn } }),
});
