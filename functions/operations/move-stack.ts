import type { Outcome } from '../domain/callback.ts';
import { canonical } from '../domain/canonical.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Plan, ResourceChange } from '../domain/plan/plan.ts';
import { outsidePlan } from '../domain/plan/within-plan.ts';
import type { Template } from '../domain/template/template.ts';
import type { ImportedResource, Ports } from '../ports.ts';
import { countParameters } from './service-counts.ts';
import { stackParameters } from './stack-parameters.ts';
import type { Standing, StepContext } from './step-context.ts';

export type MovePorts = Pick<Ports, 'databases' | 'listeners' | 'documents' | 'hash'>;

/** What the stack becomes. Whatever has to be asked for is asked once, beside the rest. */
export interface Move {
  readonly template: Template;
  /** Desired counts by runtime. */
  readonly counts: () => Promise<Readonly<Record<string, number>>>;
  /** Parameters that stay as the stack has them, because what serves reads them. */
  readonly kept?: readonly string[];
  /** Instead of the release's parameters: those of the stack as it stands, with these counts. */
  readonly keepParameters?: boolean;
  readonly allowance: () => Promise<Allowance>;
  /** It takes these into the stack. */
  readonly imports?: readonly ImportedResource[];
}

export interface Allowance {
  /** The changes that a step may make; anything else is refused, in words, before it is executed. */
  readonly allows: (changes: readonly ResourceChange[]) => readonly string[];
  /** No plan stands behind it: what it may not do was never asked for. */
  readonly unplanned?: boolean;
}

/**
 * Moves the stack by a change set of this step's own: made, compared with the plan, executed. The reviewed change set
 * can never be the executed one, because executing anything makes older ones obsolete. `wanted` is asked only where the
 * stack is not under way already.
 * Answers an outcome when nothing would change.
 */
export const moveStack = async (
  ports: MovePorts,
  context: StepContext,
  token: string,
  wanted: () => Promise<Move>,
): Promise<Outcome | 'called'> => {
  const { aws, input } = context;
  if (await isUnderWay(context, token)) return 'called';
  const { allows, unplanned, ...made } = await madeReady(ports, context, wanted());
  const prepared = await aws.stacks.prepare({ stackName: input.stackName, name: token, token, ...made });
  if (prepared.failure) throw refused(context, prepared.failure);
  if (prepared.empty) {
    await aws.stacks.discard(prepared.id);
    return { ok: true, output: { changeSet: prepared.id, status: 'no changes' } };
  }
  const surprises = allows(prepared.changes);
  if (surprises.length > 0) {
    await aws.stacks.discard(prepared.id);
    throw unplanned ? needsPlan(surprises) : worldChanged(surprises);
  }
  const executed = await aws.stacks.execute(prepared.id, token);
  // Our own first call may have executed it and died before it could say so.
  if (executed === 'obsolete' && !(await hasBegun(context, token)))
    throw worldChanged(['somebody moved the stack after this step had read it']);
  return 'called';
};

/** Whether an earlier call of the step, which died before it could say so, has moved the stack under this token. */
export const isUnderWay = async (context: Standing, token: string): Promise<boolean> =>
  !context.isFirstCall && (await hasBegun(context, token));

/** Whether CloudFormation knows of an operation under this token. */
export const hasBegun = async ({ aws, input }: Standing, token: string): Promise<boolean> =>
  (await aws.stacks.operation(input.stackName, token)).kind !== 'unknown';

/** What the plan does not cover, in words; empty when everything is covered. */
export const onlyPlanned =
  (plan: Plan) =>
  (changes: readonly ResourceChange[]): readonly string[] =>
    outsidePlan(plan.stack.changes, changes);

/** Puts a template where CloudFormation can read it, under its content's hash. */
export const templateUrl = async (
  { documents, hash }: Pick<Ports, 'documents' | 'hash'>,
  template: Template,
): Promise<string> => {
  const key = `templates/${hash(canonical(template))}.json`;
  await documents.put(key, template, { byContent: true });
  return documents.url(key);
};

/** The template where CloudFormation can read it, what it is given, and what may come of it. */
const madeReady = async (ports: MovePorts, context: StepContext, wanted: Promise<Move>) => {
  const put = async () => templateUrl(ports, (await wanted).template);
  const allowance = async () => (await wanted).allowance();
  const [{ imports }, url, parameters, allowed] = await Promise.all([
    wanted,
    put(),
    parametersOf(ports, context, wanted),
    allowance(),
  ]);
  return { templateUrl: url, parameters, ...allowed, ...(imports && { imports }) };
};

const parametersOf = async (ports: MovePorts, context: StepContext, wanted: Promise<Move>) => {
  const { aws, input } = context;
  const count = async () => (await wanted).counts();
  const [move, counts, standing] = await Promise.all([wanted, count(), aws.stacks.find(input.stackName)]);
  const { template, keepParameters, kept = [] } = move;
  const current = standing?.parameters ?? {};
  const parameters = keepParameters
    ? { ...current, ...countParameters(counts) }
    : { ...(await stackParameters(ports, context, { current, counts })), ...pick(current, kept) };
  return onlyKnown(parameters, template);
};

const pick = (from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));

/** A template that was reduced takes fewer parameters than the release has. */
const onlyKnown = (parameters: Readonly<Record<string, string>>, { Parameters = {} }: Template) =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => name in Parameters));

const refused = ({ input }: StepContext, failure: string) =>
  new StepFailure({
    code: 'ChangeSetRefused',
    message: `CloudFormation refuses the change of ${input.stackName}: ${failure}`,
    left: 'The stack was not changed',
    remedy: 'Correct the application file and push again',
  });

const worldChanged = (surprises: readonly string[]) =>
  new StepFailure({
    code: 'OutsidePlan',
    message: `The stack would change in ways the plan does not cover: ${surprises.join('; ')}`,
    left: 'This step did not change the stack',
    remedy: 'Somebody changed the stack since it was planned: push again for a new plan',
  });

const needsPlan = (surprises: readonly string[]) =>
  new StepFailure({
    code: 'OutsidePlan',
    message: `The stack would change in ways that nobody has planned or signed: ${surprises.join('; ')}`,
    left: 'This step did not change the stack',
    remedy: 'Deploy with the strategy full, which plans the change and asks for the signature that it needs',
  });
