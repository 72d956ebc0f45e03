import type { Importing } from '../../part.ts';
import { AwsError } from '../../wire/service.ts';
import type { ImportTarget, StackOutput } from '../records.ts';
import { own } from '../template/template.ts';
import { type ChangeQuestion, changesBetween, outputsAfter, propertiesAfter } from './changes.ts';
import type { ResourceChangeRecord } from './resource-change.ts';

export interface ImportQuestion extends ChangeQuestion {
  readonly imports: readonly ImportTarget[];
  /** The outputs that the stack has. */
  readonly outputs: readonly StackOutput[];
  /** How a type is imported; undefined when it cannot be. */
  importing(type: string): Importing | undefined;
}

/**
 * The changes of an import, each with Action Import; nothing else may change with it.
 * @throws AwsError ValidationError for everything that the request and the records tell
 */
export const planImport = (question: ImportQuestion): readonly ResourceChangeRecord[] => {
  checkTargets(question);
  const changes = changesBetween(question);
  const isTarget = ({ LogicalResourceId }: ResourceChangeRecord) =>
    question.imports.some(({ logicalId }) => logicalId === LogicalResourceId);
  const others = changes.filter((change) => !isTarget(change));
  const added = others.filter(({ Action }) => Action === 'Add');
  refuse(added.map(idOf), (names) => `Resources ${names} is missing from ResourceToImport list`);
  refuse(
    others.map(idOf),
    (names) =>
      `You have modified resources ${names} in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.`,
  );
  if (JSON.stringify(outputsAfter(question)) !== JSON.stringify(question.outputs))
    throw invalid('As part of the import operation, you cannot modify or add [Outputs]');
  return changes.map((change) => ({ ...change, Action: 'Import' }));
};

/** What is named for import, one by one. */
const checkTargets = (question: ImportQuestion) => {
  const { imports, current, wanted, importing } = question;
  const where = (is: (target: ImportTarget) => boolean) => imports.filter(is).map(({ logicalId }) => logicalId);
  const declared = ({ logicalId }: ImportTarget) => own(wanted.template.Resources, logicalId);
  refuse(
    where((target) => declared(target)?.Type !== target.type),
    (names) => `Resources ${names} passed in ResourceToImport are not present in the template.`,
  );
  refuse(
    where(({ logicalId }) => current.has(logicalId)),
    alreadyInStack,
  );
  const unsupported = imports.filter(({ type }) => !importing(type)).map(({ type }) => type);
  refuse([...new Set(unsupported)], (types) => `ResourceTypes ${types} are not supported for Import`);
  for (const target of imports) checkIdentifier(target, question);
  refuse(
    where((target) => declared(target)?.DeletionPolicy === undefined),
    (names) =>
      `The following resources to import ${names} must have DeletionPolicy attribute specified in the template.`,
  );
};

const checkIdentifier = ({ logicalId, type, identifier }: ImportTarget, question: ImportQuestion) => {
  const wanted = [...(question.importing(type)?.identifier ?? [])].sort();
  const given = Object.keys(identifier).sort();
  if (JSON.stringify(given) !== JSON.stringify(wanted))
    throw invalid(
      `The resource identifier of ${logicalId} must have the keys [${wanted.join(', ')}] of type ${type}, not [${given.join(', ')}].`,
    );
  const properties = propertiesAfter(question, logicalId);
  const other = given.find((key) => properties[key] !== undefined && properties[key] !== identifier[key]);
  if (other !== undefined)
    throw invalid(
      `The resource identifier ${other} of ${logicalId} is ${identifier[other]}, but the template says ${String(properties[other])}.`,
    );
};

export const alreadyInStack = (names: string): string =>
  `Resources ${names} passed in ResourceToImport are already in a stack and cannot be imported.`;

const idOf = ({ LogicalResourceId }: ResourceChangeRecord) => LogicalResourceId;

const refuse = (names: readonly string[], words: (names: string) => string) => {
  if (names.length) throw invalid(words(`[${names.join(', ')}]`));
};

const invalid = (message: string) => new AwsError('ValidationError', message);
