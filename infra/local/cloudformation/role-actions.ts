import { generatedName, letters } from '../generated-name.ts';
import type { Properties } from '../part.ts';
import type { Needed } from '../wire/service.ts';
import { HANDLER_ROWS, type HandlerRow } from './handler-rows.ts';
import type { RoleQuestion } from './role-question.ts';
import { SPECIAL_CALLS, TAKE_NO_RESOURCE } from './special-calls.ts';

/**
 * What a service role must be allowed for one operation on a resource: every call that the type's handler makes for these
 * properties. Empty for a type that is not in the table.
 */
export const neededOfRole = (question: RoleQuestion): readonly Needed[] => {
  const row = HANDLER_ROWS[question.type];
  return row ? row[question.verb].flatMap((action) => neededOfCall(row, action, question)) : [];
};

const neededOfCall = (row: HandlerRow, action: string, question: RoleQuestion): readonly Needed[] => {
  const special = SPECIAL_CALLS[action];
  if (special) return special(question, () => resourceOf(row, question));
  if (action === 'iam:PassRole') return passedRoles(row, question.properties);
  return [{ action, resources: [TAKE_NO_RESOURCE.has(action) ? '*' : resourceOf(row, question)] }];
};

const resourceOf = ({ arn, name }: HandlerRow, question: RoleQuestion): string => {
  const { properties, physicalId, region, account, seed } = question;
  if (!arn) return '*';
  if (physicalId?.startsWith('arn:')) return physicalId;
  const cluster = lastPart(String(properties['Cluster'] ?? 'default'), '/');
  const named = physicalId ?? (name === undefined ? undefined : properties[name]) ?? generatedName(question, 64);
  const places: Readonly<Record<string, string>> = {
    ...{ region, account, cluster, '': bare(String(named)) },
    bus: busOf(properties),
    // The names of secrets keep their leading slash in the ARN.
    raw: String(named),
    path: String(properties['Path'] ?? '/'),
    six: letters(seed, 6),
  };
  return `arn:aws:${arn.replace(/\{(\w*)\}/g, (whole, key: string) => places[key] ?? whole)}`;
};

/** What stands in ARNs of an id: no leading slash, of `{bus}|{rule}` the rule, of the URL of a queue its name. */
const bare = (id: string): string =>
  id.startsWith('https://') ? lastPart(id, '/') : lastPart(id, '|').replace(/^\//, '');

/** `{bus}/` in the ARN of a rule, nothing for the default bus. */
const busOf = ({ EventBusName = 'default' }: Properties): string => {
  const name = lastPart(String(EventBusName), '/');
  return name === 'default' ? '' : `${name}/`;
};

const lastPart = (text: string, separator: string): string => text.slice(text.lastIndexOf(separator) + 1);

const passedRoles = ({ passes = {} }: HandlerRow, properties: Properties): readonly Needed[] =>
  Object.entries(passes).flatMap(([property, service]) => {
    const role = properties[property];
    if (typeof role !== 'string' || !role.startsWith('arn:')) return [];
    return [{ action: 'iam:PassRole', resources: [role], context: { 'iam:PassedToService': service } }];
  });
