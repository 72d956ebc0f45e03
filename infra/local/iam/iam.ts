import type { Part, World } from '../part.ts';
import { type Authorize, AwsError, type Caller } from '../wire/service.ts';
import type { ConditionContext } from './condition.ts';
import { type Decision, type Grant, refusalOf } from './decision.ts';
import { iamResources } from './iam-resources.ts';
import { iamService } from './iam-service.ts';
import { allowingIn, type Question } from './policy.ts';
import { type AttachedPolicy, rolesOf } from './roles.ts';
import { type Credentials, sessionArn, sessionsOf } from './sessions.ts';
import { stsService } from './sts-service.ts';
import { serviceMayAssume } from './trust.ts';

export interface Iam {
  /** Who an access key belongs to; a key that nobody was given is the operator's. */
  callerOf(accessKeyId: string): Caller;
  /** The same credentials for the same (role, session), also after a restart. */
  credentialsFor(roleArn: string, sessionName: string): Credentials;
  /** What belongs to a key, for those who check signatures; undefined for a key that no role was given. */
  findCredentials(accessKeyId: string): Credentials | undefined;
  authorizeAs(caller: Caller): Authorize;
  /** For services that act under a role of their own, as Step Functions does; throws as `Authorize`. */
  authorizeRole(
    roleArn: string,
    action: string,
    resources: readonly string[],
    context?: Readonly<Record<string, string>>,
  ): void;
  /**
   * Whether the role's trust policy lets a service (`lambda.amazonaws.com`) take it; its conditions count where the
   * service says for what it would.
   */
  serviceMayAssume(roleArn: string, service: string, context?: ConditionContext): boolean;
  /** Whether a service that is handed the role will be able to do this with it. Nobody's call: it is not observed. */
  roleAllows(roleArn: string, action: string, resource: string): boolean;
}

export interface IamOptions {
  /** Sees every decision about a role; the operator is never asked. */
  readonly observe?: (decision: Decision) => void;
}

/** IAM and STS: roles, policies, a real evaluator, and credentials that name a role. */
export const createIam = (world: World, { observe }: IamOptions = {}): Part & Iam => {
  const roles = rolesOf(world);
  const sessions = sessionsOf(world);

  const boundsOf = (roleArn: string) => {
    const role = roles.findByArn(roleArn);
    const attached = role ? roles.policiesOf(role) : [];
    const policies = attached.map(({ document }) => document);
    return { attached, bounds: { policies, boundary: role && roles.boundaryOf(role) } };
  };

  const decide = (roleArn: string, action: string, resource: string, context: ConditionContext): Decision => {
    const { attached, bounds } = boundsOf(roleArn);
    const because = refusalOf(bounds, action, resource, context);
    const grants = observe && because === undefined ? grantsOf(attached, { action, resource, context }) : [];
    const decision = { roleArn, action, resource, allowed: because === undefined, ...(because && { because }), grants };
    observe?.(decision);
    return decision;
  };

  const authorizeAs = (caller: Caller): Authorize => {
    const { roleArn } = caller;
    if (roleArn === undefined) return () => undefined;
    return (action, resources, context) => {
      const known = { ...globalKeys(world, roleArn), ...context };
      for (const resource of resources) {
        const { because } = decide(roleArn, action, resource, known);
        if (because !== undefined) throw accessDenied(caller.arn, action, resource, because);
      }
    };
  };

  const iam: Iam = {
    callerOf: sessions.callerOf,
    credentialsFor: sessions.credentialsFor,
    findCredentials: sessions.findCredentials,
    authorizeAs,
    authorizeRole: (roleArn, action, resources, context) => {
      const arn = sessionArn(roleArn, 'service');
      authorizeAs({ accessKeyId: '', roleArn, arn })(action, resources, context);
    },
    serviceMayAssume: (roleArn, service, context) => {
      const role = roles.findByArn(roleArn);
      return role !== undefined && serviceMayAssume(role.trust, service, context);
    },
    roleAllows: (roleArn, action, resource) =>
      refusalOf(boundsOf(roleArn).bounds, action, resource, globalKeys(world, roleArn)) === undefined,
  };
  return {
    ...iam,
    services: [stsService(world, roles, iam), iamService(roles)],
    resources: iamResources(world, roles),
  };
};

const grantsOf = (attached: readonly AttachedPolicy[], question: Question): readonly Grant[] =>
  attached.flatMap(({ name, document }) => allowingIn(document, question).map((place) => ({ policy: name, ...place })));

/** Keys that hold for every request (`aws:...`); all others of that prefix count as absent. */
const globalKeys = (world: World, roleArn: string): ConditionContext => ({
  'aws:PrincipalArn': roleArn,
  'aws:PrincipalAccount': world.account,
  'aws:PrincipalType': 'AssumedRole',
  // There is one account.
  'aws:ResourceAccount': world.account,
  'aws:RequestedRegion': world.region,
  'aws:CurrentTime': new Date(world.clock.now()).toISOString(),
});

/** Services of the query and REST-XML protocols say AccessDenied with 403, those of JSON AccessDeniedException with 400. */
const SAY_ACCESS_DENIED = new Set(['autoscaling', 'cloudformation', 'elasticloadbalancing', 'iam', 'rds', 's3', 'sts']);

const accessDenied = (user: string, action: string, resource: string, because: string): AwsError => {
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
  return SAY_ACCESS_DENIED.has(action.slice(0, action.indexOf(':')))
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message);
};
