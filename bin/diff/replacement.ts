import type { ResourceChange } from '../../functions/domain/plan/plan.ts';
import { isServing, isStateful, service, taskDefinition } from '../../functions/domain/plan/resource-kinds.ts';
import { replacementBy } from '../../functions/domain/plan/update-rules.ts';
import type { Template } from '../../functions/domain/template/template.ts';

/** A resource for which CloudFormation makes another one. */
export interface Replacement {
  readonly logicalId: string;
  readonly type: string;
  /** False where CloudFormation decides it by what it finds, or where the type's rules are not known here. */
  readonly certain: boolean;
  /** The properties that force it. */
  readonly because: readonly string[];
  /** What comes of it, in words. */
  readonly means: string;
}

/** What a change replaces: nothing, or one resource. */
export const replacementOf = (
  { logicalId, type, replacement, properties }: ResourceChange,
  before: Template,
  after: Template,
): readonly Replacement[] => {
  if (replacement === 'False') return [];
  const because = properties.filter((property) => replacementBy(type, [property]) !== 'False');
  const isKept = [before, after].every(({ Resources }) => keeps(Resources[logicalId]?.UpdateReplacePolicy));
  return [{ logicalId, type, certain: replacement === 'True', because, means: meaning(type, isKept) }];
};

/** Whatever the two templates do not agree on counts for the worse. */
const keeps = (policy = 'Delete'): boolean => policy.startsWith('Retain');

const meaning = (type: string, isKept: boolean): string => {
  if (isKept) return 'the old one stays with what it holds, outside of the stack; the new one is empty';
  if (Object.hasOwn(meanings, type)) return meanings[type] ?? '';
  if (isServing(type)) return 'requests go to the new one, then the old one is deleted';
  return isStateful(type)
    ? 'the new one is empty, and the old one is deleted with what it holds'
    : 'a new one takes its place, then the old one is deleted; it holds nothing';
};

const meanings: Readonly<Record<string, string>> = {
  [taskDefinition]: 'another revision: the service starts tasks of it and stops the old ones',
  [service]: 'another service starts its tasks, then the old one is deleted with its own',
  'AWS::SQS::Queue': 'the new queue is empty, and the old one is deleted with the messages that wait in it',
  'AWS::S3::Bucket':
    'the new bucket is empty; the old one cannot be deleted while it holds anything, and is left behind',
};
