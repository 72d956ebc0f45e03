import { nearest } from '../../nearest.ts';
import { AwsError, type Input } from '../../wire/service.ts';
import type { Declaration, StackRecord } from '../records.ts';
import { checkCapabilities } from '../template/capabilities.ts';
import { checkAttributes } from '../template/check-attributes.ts';
import { noEchoValues } from '../template/no-echo.ts';
import { parameterTexts } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { type Prepared, prepare } from '../template/prepare.ts';
import { referencesIn } from '../template/references.ts';
import { formatError, type Template } from '../template/template.ts';
import { type Desk, flag, listOf } from './desk.ts';

export interface Submission {
  readonly declaration: Declaration;
  readonly prepared: Prepared;
  readonly masked: readonly string[];
}

/** The template, parameters and tags of a request, checked in AWS's order; every refusal is a ValidationError. */
export const readSubmission = async (desk: Desk, input: Input, stack: StackRecord): Promise<Submission> => {
  checkServiceRole(desk, input);
  const body = await templateBody(desk, input, stack);
  const template = parseTemplate(body);
  checkTypes(desk, template);
  const capabilities = listOf<string>(input.Capabilities);
  checkCapabilities(template, capabilities);
  const parameters = parameterTexts(template, listOf(input.Parameters), stack.declaration?.parameters);
  const resolved = systemsManagerValues(desk, template, parameters);
  const { account, region } = desk.world;
  const texts = { ...parameters, ...resolved };
  const prepared = prepare(template, texts, { account, region, stackName: stack.name, stackId: stack.id });
  checkAttributes(prepared.template);
  refuseByFault(desk, prepared.template, stack.name);
  const tags =
    input.Tags === undefined ? (stack.declaration?.tags ?? []) : listOf<Declaration['tags'][number]>(input.Tags);
  const declaration = { templateId: desk.records.keepTemplate(body), parameters, resolved, tags, capabilities };
  return { declaration, prepared, masked: noEchoValues(template, texts) };
};

const refuseByFault = ({ faults }: Desk, { Resources }: Template, stackName: string) => {
  for (const logicalId of Object.keys(Resources)) {
    const fault = faults.strike({ stackName, logicalId, phase: 'CHANGE_SET', verb: 'template' });
    if (fault) throw formatError(fault.reason);
  }
};

/** The body of a request that names a template in one of three ways. */
export const templateBody = async (desk: Desk, input: Input, stack: StackRecord | undefined): Promise<string> => {
  if (flag(input.UsePreviousTemplate)) {
    const templateId = stack?.declaration?.templateId;
    if (templateId === undefined) throw invalid('Previous template is not available: the stack has none.');
    return desk.records.template(templateId);
  }
  if (input.TemplateURL) return fetched(desk, String(input.TemplateURL));
  if (typeof input.TemplateBody !== 'string' || input.TemplateBody === '')
    throw invalid('Either Template URL or Template Body must be specified.');
  if (Buffer.byteLength(input.TemplateBody) > LONGEST_BODY)
    throw invalid(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_BODY}`,
    );
  return input.TemplateBody;
};

/** @throws AwsError ValidationError for a role of the request that CloudFormation cannot take */
export const checkServiceRole = ({ mayAssume }: Pick<Desk, 'mayAssume'>, { RoleARN }: Input) => {
  if (RoleARN && !mayAssume(String(RoleARN))) throw invalid(`Role ${RoleARN} is invalid or cannot be assumed`);
};

/** In AWS's words; behind them the types that may have been meant. */
export const checkTypes = (desk: Pick<Desk, 'types'>, template: Template) => {
  const known = desk.types();
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  const unknown = [...types].filter((type) => !known.includes(type));
  const meant = unknown.flatMap((type) => nearest(type, known) ?? []);
  const hint = meant.length ? ` (did you mean ${meant.join(', ')}?)` : '';
  if (unknown.length) throw formatError(`Unrecognized resource types: [${unknown.join(', ')}]${hint}`);
};

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const LONGEST_BODY = 51_200;
const LONGEST_FETCHED = 1_000_000;

const fetched = async (desk: Desk, url: string): Promise<string> => {
  const body = url.startsWith('data:') ? await (await fetch(url)).text() : await fromStorage(desk, url);
  if (Buffer.byteLength(body) > LONGEST_FETCHED)
    throw invalid(`Template may not exceed ${LONGEST_FETCHED} bytes in size.`);
  return body;
};

const fromStorage = async (desk: Desk, url: string): Promise<string> => {
  try {
    return await desk.fetchTemplate(url);
  } catch (error) {
    throw invalid(`S3 error: ${error instanceof Error ? error.message : String(error)} (${url})`);
  }
};

/** What recorded AWS::SSM::Parameter resources hold. One that nothing but a Rule reads may be missing. */
const systemsManagerValues = (desk: Desk, template: Template, parameters: Readonly<Record<string, string>>) => {
  const { Resources, Outputs, Conditions } = template;
  const used = new Set(referencesIn([Resources, Outputs, Conditions]).map(({ name }) => name));
  const entries = Object.entries(template.Parameters ?? {})
    .filter(([, { Type }]) => Type.startsWith('AWS::SSM::Parameter::Value<'))
    .map(([name]) => [name, systemsManagerValue(desk, parameters[name] ?? '')] as const);
  const missing = entries.filter(([name, value]) => value === undefined && used.has(name));
  if (missing.length) {
    const paths = missing.map(([name]) => parameters[name]).join(', ');
    throw invalid(`Unable to fetch parameters [${paths}] from parameter store for this account.`);
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']));
};

const systemsManagerValue = ({ records }: Desk, path: string): string | undefined => {
  const found = records.resources
    .list()
    .find(
      ({ value: { type, physicalId, current } }) => type === 'AWS::SSM::Parameter' && current && physicalId === path,
    );
  const value = found?.value.current?.properties['Value'];
  return value === undefined ? undefined : String(value);
};

const invalid = (message: string) => new AwsError('ValidationError', message);
