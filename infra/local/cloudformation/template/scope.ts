import { type Scope, templateError } from './intrinsics.ts';
import type { Prepared } from './prepare.ts';
import { isRecord, own } from './template.ts';

/** What a reference to a resource can give. */
export interface Referable {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** `find` gives the resource as it is now; `open` answers for one that does not exist yet, or throws. */
export const scopeOf = (
  { template, pseudo, parameters }: Prepared,
  find: (logicalId: string) => Referable | undefined,
  importValue: (name: string) => unknown,
  open: (logicalId: string, attribute?: string) => unknown = missing,
): Scope => ({
  ...{ template, pseudo, parameters, importValue },
  reference: (logicalId, attribute) => {
    const found = find(logicalId);
    if (!found) return open(logicalId, attribute);
    if (attribute === undefined) return found.physicalId;
    const value = attributeOf(found.attributes, attribute);
    if (value !== undefined) return value;
    throw templateError(`resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`);
  },
});

const missing = (logicalId: string): never => {
  throw templateError(`resource ${logicalId} does not exist`);
};

/** `Endpoint.Address` is a key of its own, or a path. */
const attributeOf = (attributes: Readonly<Record<string, unknown>>, attribute: string): unknown =>
  own(attributes, attribute) ??
  attribute.split('.').reduce<unknown>((at, key) => (isRecord(at) ? own(at, key) : undefined), attributes);
