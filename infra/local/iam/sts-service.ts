import { letters } from '../generated-name.ts';
import type { World } from '../part.ts';
import { queryService } from '../wire/query.ts';
import { AwsError, type Caller, type Input, type WireService } from '../wire/service.ts';
import type { Iam } from './iam.ts';
import type { Roles } from './roles.ts';
import { sessionArn } from './sessions.ts';
import { trustIn } from './trust.ts';

/** Role chaining: a role that assumes a role gets one hour at most. */
const CHAINED_SECONDS = 3600;

/** STS: AssumeRole against the trust policy, and GetCallerIdentity. */
export const stsService = (world: World, roles: Roles, iam: Iam): WireService =>
  queryService('sts', 'https://sts.amazonaws.com/doc/2011-06-15/', {
    AssumeRole: {
      actions: [],
      run: (input: Input, caller) => {
        const { roleArn, sessionName, seconds } = requestFrom(input, caller);
        const role = roles.findByArn(roleArn);
        const context = {
          'sts:RoleSessionName': sessionName,
          'aws:PrincipalArn': caller.roleArn ?? caller.arn,
          'aws:PrincipalAccount': world.account,
          ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': String(input.ExternalId) }),
        };
        const trust = role ? trustIn(role.trust, caller, world.account, context) : 'none';
        if (!role || trust === 'none') throw refused(caller, roleArn);
        if (trust === 'account') iam.authorizeAs(caller)('sts:AssumeRole', [roleArn]);
        const { accessKeyId, secretAccessKey, sessionToken } = iam.credentialsFor(roleArn, sessionName);
        return {
          Credentials: {
            AccessKeyId: accessKeyId,
            SecretAccessKey: secretAccessKey,
            SessionToken: sessionToken,
            Expiration: new Date(world.clock.now() + seconds * 1000),
          },
          AssumedRoleUser: { AssumedRoleId: `${role.roleId}:${sessionName}`, Arn: sessionArn(roleArn, sessionName) },
        };
      },
    },
    GetCallerIdentity: {
      actions: [],
      run: (_input: Input, caller) => {
        const role = caller.roleArn === undefined ? undefined : roles.findByArn(caller.roleArn);
        const session = caller.arn.slice(caller.arn.lastIndexOf('/') + 1);
        const UserId = caller.roleArn
          ? `${role?.roleId ?? `AROA${letters(caller.roleArn, 17)}`}:${session}`
          : world.account;
        return { Arn: caller.arn, UserId, Account: world.account };
      },
    },
  });

const requestFrom = (input: Input, caller: Caller) => {
  const roleArn = String(input.RoleArn ?? '');
  const sessionName = String(input.RoleSessionName ?? '');
  const seconds = Number(input.DurationSeconds ?? CHAINED_SECONDS);
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName))
    throw new AwsError(
      'ValidationError',
      `RoleSessionName '${sessionName}' must have 2 to 64 letters, digits or +=,.@-`,
    );
  if (caller.roleArn && seconds > CHAINED_SECONDS)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  return { roleArn, sessionName, seconds };
};

const refused = (caller: Caller, roleArn: string) =>
  new AwsError(
    'AccessDenied',
    `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    403,
  );
