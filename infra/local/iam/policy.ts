import { AwsError } from '../wire/service.ts';
import { type ConditionBlock, type ConditionContext, conditionHolds, unknownOperators } from './condition.ts';
import { fitsWildcard } from './wildcard.ts';

type OneOrMore = string | readonly string[];

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore>>;
  readonly Condition?: ConditionBlock;
}

export interface PolicyDocument {
  readonly Statement: Statement | readonly Statement[];
}

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

/** What a set of policies says: an explicit deny wins over any allow; `none` when no statement speaks of it. */
export const verdictOf = (policies: readonly PolicyDocument[], question: Question): 'allow' | 'deny' | 'none' => {
  const effects = policies
    .flatMap(statementsOf)
    .filter((statement) => speaksOf(statement, question))
    .map((statement) => statement.Effect);
  if (effects.includes('Deny')) return 'deny';
  return effects.includes('Allow') ? 'allow' : 'none';
};

/** Where a document allows it: the statement and its resource pattern, both from 0. */
export interface Place {
  readonly statement: number;
  readonly resource: number;
}

export const allowingIn = (policy: PolicyDocument, question: Question): readonly Place[] =>
  statementsOf(policy).flatMap((each, statement) => {
    if (each.Effect !== 'Allow' || !speaksOf(each, question)) return [];
    return oneOrMore(each.Resource).flatMap((pattern, resource) =>
      fitsWildcard(pattern, question.resource) ? [{ statement, resource }] : [],
    );
  });

export const statementsOf = (policy: PolicyDocument): readonly Statement[] => [policy.Statement].flat();

export const oneOrMore = (value: OneOrMore | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();

/** Actions are compared without regard to case, resources with it. */
export const namesAction = (statement: Statement, action: string): boolean => {
  const named = (patterns: OneOrMore) =>
    oneOrMore(patterns).some((pattern) => fitsWildcard(pattern.toLowerCase(), action.toLowerCase()));
  return statement.Action === undefined ? !named(statement.NotAction ?? '*') : named(statement.Action);
};

/** Returns the document when it can be evaluated exactly; throws MalformedPolicyDocument, naming the statement, if not. */
export const policyFrom = (value: unknown, kind: 'identity' | 'trust'): PolicyDocument => {
  const document = (typeof value === 'string' ? JSON.parse(value) : value) as PolicyDocument | undefined;
  if (!document?.Statement) throw malformed('a policy document needs a Statement');
  statementsOf(document).forEach((statement, index) => {
    const fault = faultOf(statement, kind);
    if (fault) throw malformed(`statement ${index + 1} ${fault}`);
  });
  return document;
};

const speaksOf = (statement: Statement, { action, resource, context }: Question): boolean =>
  namesAction(statement, action) && namesResource(statement, resource) && conditionHolds(statement.Condition, context);

const namesResource = (statement: Statement, resource: string): boolean => {
  const named = (patterns: OneOrMore) => oneOrMore(patterns).some((pattern) => fitsWildcard(pattern, resource));
  return statement.Resource === undefined ? !named(statement.NotResource ?? '*') : named(statement.Resource);
};

const faultOf = (statement: Statement, kind: 'identity' | 'trust'): string | undefined => {
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') return 'needs Effect Allow or Deny';
  if (statement.Action === undefined && statement.NotAction === undefined) return 'needs Action or NotAction';
  if (kind === 'trust' && statement.Principal === undefined) return 'needs a Principal';
  if (kind === 'identity' && statement.Resource === undefined && statement.NotResource === undefined)
    return 'needs Resource or NotResource';
  const unknown = unknownOperators(statement.Condition);
  return unknown.length ? `uses ${unknown.join(', ')}, which the embedded cloud does not evaluate` : undefined;
};

const malformed = (fault: string) => new AwsError('MalformedPolicyDocument', `${fault}; nothing was changed`);
