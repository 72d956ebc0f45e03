import type { Records } from '../open-records.ts';
import type { Declaration } from '../records.ts';
import { isNoEcho } from './parameters.ts';
import type { Template } from './template.ts';

/** The values of a template's NoEcho parameters. */
export const noEchoValues = (template: Template, texts: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(template.Parameters ?? {}).flatMap(([name, declaration]) => {
    const text = texts[name];
    return isNoEcho(declaration) && text ? [text] : [];
  });

/** The same of a stored declaration; none for none. */
export const noEchoValuesOf = (
  records: Pick<Records, 'parsed'>,
  declaration: Declaration | undefined,
): readonly string[] => {
  if (!declaration) return [];
  const { templateId, parameters, resolved } = declaration;
  return noEchoValues(records.parsed(templateId), { ...parameters, ...resolved });
};

/** Text, JSON or not, with secret values shown as `****`; one too short to be searched for only where it stands alone. */
export const masked = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => {
    if (rest === secret) return '****';
    const quoted = JSON.stringify(secret);
    if (secret.length < 4) return rest.replaceAll(quoted, '"****"');
    return rest.replaceAll(secret, '****').replaceAll(quoted.slice(1, -1), '****');
  }, text);
