import { AwsError } from '../../wire/service.ts';
import { formatError, own, type ParameterDeclaration, type Template } from './template.ts';

/** One entry of a request's `Parameters`. */
export interface GivenParameter {
  readonly ParameterKey: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: string | boolean;
}

/** The text value of every declared parameter: given, kept or default; AWS's words for each refusal. */
export const parameterTexts = (
  template: Template,
  given: readonly GivenParameter[],
  previous: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> => {
  const declared = template.Parameters ?? {};
  const unknown = given.filter(({ ParameterKey }) => !Object.hasOwn(declared, ParameterKey));
  if (unknown.length)
    throw invalid(`Parameters: [${unknown.map((one) => one.ParameterKey).join(', ')}] do not exist in the template`);
  const texts = Object.entries(declared).map(([name, declaration]) => {
    const entry = given.find(({ ParameterKey }) => ParameterKey === name);
    return [name, textOf(name, entry, declaration, previous)] as const;
  });
  const missing = texts.filter(([, text]) => text === undefined).map(([name]) => name);
  if (missing.length) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  const values = texts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  for (const [name, text] of values) check(name, text, own(declared, name));
  return Object.fromEntries(values);
};

/** What `Ref` gives: lists for the list types, numbers for the number types, else the text. */
export const parameterValue = ({ Type }: ParameterDeclaration, text: string): unknown => {
  const one = (item: string) => (/Number/.test(Type) && String(Number(item)) === item ? Number(item) : item);
  if (!isList(Type)) return one(text);
  return text === '' ? [] : text.split(',').map((item) => one(item.trim()));
};

export const isNoEcho = (declaration: ParameterDeclaration | undefined): boolean =>
  String(declaration?.NoEcho ?? false) === 'true';

const textOf = (
  name: string,
  entry: GivenParameter | undefined,
  declaration: ParameterDeclaration,
  previous: Readonly<Record<string, string>> | undefined,
): string | undefined => {
  if (String(entry?.UsePreviousValue ?? false) === 'true') {
    const kept = own(previous, name);
    if (kept === undefined)
      throw invalid(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    return kept;
  }
  const fallback = declaration.Default === undefined ? undefined : String(declaration.Default);
  return entry ? (entry.ParameterValue ?? fallback) : fallback;
};

const SCALAR_TYPE = /^(String|Number|AWS::SSM::Parameter::(Name|Value<.+>)|AWS::[A-Za-z0-9]+::[A-Za-z0-9:]+)$/;

const isList = (type: string): boolean =>
  type === 'CommaDelimitedList' ||
  type.startsWith('List<') ||
  /^AWS::SSM::Parameter::Value<(List<|CommaDelimitedList)/.test(type);

const check = (name: string, text: string, declaration: ParameterDeclaration | undefined) => {
  if (!declaration) return;
  const { Type, ConstraintDescription } = declaration;
  if (!isList(Type) && !SCALAR_TYPE.test(Type)) throw formatError(`Unrecognized parameter type: ${Type}`);
  const items = isList(Type) ? text.split(',').map((one) => one.trim()) : [text];
  if (/^(Number|List<Number>)$/.test(Type) && items.some((item) => item === '' || Number.isNaN(Number(item))))
    throw invalid(`Parameter '${name}' must be a number`);
  const problem = items.map((item) => broken(item, declaration)).find(Boolean);
  if (problem && ConstraintDescription)
    throw invalid(`Parameter '${name}' failed to satisfy constraint: ${ConstraintDescription}`);
  if (problem) throw invalid(`Parameter '${name}' ${problem}`);
};

/** The first rule of the declaration that a value breaks, in AWS's words. */
const broken = (item: string, rule: ParameterDeclaration): string | undefined => {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = rule;
  const rules: readonly (readonly [boolean, string])[] = [
    [AllowedValues !== undefined && !AllowedValues.map(String).includes(item), 'must be one of AllowedValues'],
    [
      AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(item),
      `must match pattern ${AllowedPattern}`,
    ],
    [MinLength !== undefined && item.length < Number(MinLength), `must contain at least ${MinLength} characters`],
    [MaxLength !== undefined && item.length > Number(MaxLength), `must contain at most ${MaxLength} characters`],
    [MinValue !== undefined && Number(item) < Number(MinValue), `must be a number not less than ${MinValue}`],
    [MaxValue !== undefined && Number(item) > Number(MaxValue), `must be a number not greater than ${MaxValue}`],
  ];
  return rules.find(([fails]) => fails)?.[1];
};

const invalid = (message: string) => new AwsError('ValidationError', message);
