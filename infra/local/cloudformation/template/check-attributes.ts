import { nearest } from '../../nearest.ts';
import { findType } from '../specification/specification.ts';
import { templateError } from './intrinsics.ts';
import { referencesIn } from './references.ts';
import { own, type Template } from './template.ts';

/** @throws AwsError ValidationError for an Fn::GetAtt of what the resource's type does not give */
export const checkAttributes = ({ Resources, Outputs = {} }: Template) => {
  const places = [...Object.values(Resources).map(({ Properties }) => Properties), ...Object.values(Outputs)];
  for (const { name, attribute } of places.flatMap(referencesIn)) {
    const known = findType(own(Resources, name)?.Type ?? '')?.attributes;
    if (!attribute || !known || gives(known, attribute)) continue;
    const best = nearest(attribute, known);
    const hint = best === undefined ? '' : ` (did you mean ${best}?)`;
    throw templateError(`resource ${name} does not support attribute type ${attribute} in Fn::GetAtt${hint}`);
  }
};

/** `Outputs.Url` is a member of the attribute `Outputs`. */
const gives = (known: readonly string[], attribute: string): boolean =>
  known.some((each) => each === attribute || attribute.startsWith(`${each}.`));
