import { parse } from 'yaml';
import * as z from 'zod';
import type { ConfigurationFile } from '../../functions/domain/configuration/configuration-error.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import { Complaint } from '../complaint.ts';
import { messageOf } from '../message-of.ts';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).exactOptional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).exactOptional(),
  DeletionPolicy: z.string().exactOptional(),
  UpdateReplacePolicy: z.string().exactOptional(),
});

const parameterSchema = z.looseObject({ Type: z.string() });

const templateSchema = z.looseObject({
  Parameters: z.record(z.string(), parameterSchema).exactOptional(),
  Resources: z.record(z.string(), resourceSchema),
});

/**
 * A CloudFormation template, as JSON or YAML with its functions written out, by itself or as `aws cloudformation
 * get-template` and `slipway template --json --parameters` print it.
 * @throws Complaint when it is none
 */
export const runningTemplate = ({ path, text }: ConfigurationFile): Template => {
  const parsed = templateSchema.safeParse(unwrapped(read(path, text), path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new Complaint(
    `${path} is no CloudFormation template${place === '' ? '' : ` at ${place}`}: ${issue?.message}. Nothing was held against it.`,
  );
};

const read = (path: string, text: string): unknown => {
  // A short tag such as !Ref would become the text behind it, and nobody would notice.
  const isJson = text.trimStart().startsWith('{');
  const tag = isJson
    ? undefined
    : /(?<=[:\-[,]\s*)!(Ref|GetAtt|Sub|Join|If|Select|Split|Base64|FindInMap|ImportValue|Cidr)\b/.exec(text);
  if (tag)
    throw new Complaint(`${path} holds the short form ${tag[0]}, which is not read here: give the template as JSON.`);
  try {
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    throw new Complaint(`${path} is neither JSON nor YAML: ${messageOf(error)}`, { cause: error });
  }
};

const unwrapped = (document: unknown, path: string): unknown => {
  if (typeof document !== 'object' || document === null) return document;
  if ('template' in document) return document.template;
  if (!('TemplateBody' in document)) return document;
  return typeof document.TemplateBody === 'string' ? read(path, document.TemplateBody) : document.TemplateBody;
};
