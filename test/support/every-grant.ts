import { allResources, listed, type Resource, type Statement } from './synthesised.ts';
import { grantKey } from './used-grants.ts';

/** An action that a role of the templates is allowed on one thing. */
export interface GrantedAction {
  /** The role's construct: `AcceptDeploymentRole`. */
  readonly role: string;
  readonly action: string;
  /** The table, bucket, secret, ... by its construct, else the ARN; a table and its indexes are one thing. */
  readonly on: string;
  /** As `grantKey` has it: any of them in use is the action in use. */
  readonly keys: readonly string[];
}

/** Every Allow of every role of the synthesised templates, action by action and thing by thing. */
export const everyGrant = (): readonly GrantedAction[] => {
  const found = new Map<string, GrantedAction>();
  for (const grant of attachedPolicies().flatMap(grantsOf)) {
    const id = `${grant.role} ${grant.action} ${grant.on}`;
    found.set(id, { ...grant, keys: [...(found.get(id)?.keys ?? []), ...grant.keys] });
  }
  return [...found.values()];
};

const grantsOf = ({ role, policy, statements }: Attached): readonly GrantedAction[] =>
  statements.flatMap(({ Effect, Action, Resource }, statement) =>
    Effect === 'Deny'
      ? []
      : listed(Resource).flatMap((pattern, resource) =>
          listed(Action).map((action) => {
            const keys = [grantKey({ policy, statement, resource }, action)];
            return { role, action, on: thingOf(pattern), keys };
          }),
        ),
  );

interface Attached {
  readonly role: string;
  readonly policy: string;
  readonly statements: readonly Statement[];
}

const attachedPolicies = (): readonly Attached[] =>
  allResources().flatMap(([, { Type, Properties = {} }]) => {
    if (Type === 'AWS::IAM::Policy') return attachedBy(Properties, String(Properties['PolicyName']));
    // A boundary has no roles.
    if (Type === 'AWS::IAM::ManagedPolicy' && Properties['Roles'])
      return attachedBy(Properties, `arn:aws:iam::000000000000:policy/${Properties['ManagedPolicyName']}`);
    // It is not used, and the embedded cloud would name it in another way.
    if (Type === 'AWS::IAM::Role' && Properties['Policies'])
      throw new Error(`${JSON.stringify(Properties)}: roles are given rights with addToPolicy`);
    return [];
  });

/** `policy`: how the embedded IAM names it when it tells of a use. */
const attachedBy = (properties: NonNullable<Resource['Properties']>, policy: string): readonly Attached[] => {
  const { PolicyDocument, Roles } = properties as unknown as {
    readonly PolicyDocument: { readonly Statement: readonly Statement[] };
    readonly Roles: readonly { readonly Ref: string }[];
  };
  return Roles.map(({ Ref }) => ({
    role: constructOf(Ref),
    policy,
    statements: PolicyDocument.Statement,
  }));
};

/** `{"Fn::GetAtt":["StacksTable0A1B2C3D","Arn"]}` -> `StacksTable`. */
const thingOf = (pattern: unknown): string => {
  if (typeof pattern === 'string') return pattern;
  const [, id] = /"(?:Ref|Fn::GetAtt)":\[?"(?!AWS::)(\w+)"/.exec(JSON.stringify(pattern)) ?? [];
  return id ? constructOf(id) : JSON.stringify(pattern);
};

const constructOf = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');
