import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grant } from '../../infra/local/iam/decision.ts';
import type { IamOptions } from '../../infra/local/iam/iam.ts';

/** The folder of a full run, where its processes write down which grants they used; tests alone write nothing. */
export const GRANTS_FOLDER = 'SLIPWAY_GRANTS_FOLDER';

/** `{policy} {statement}.{resource} {action}`: an action on one resource pattern of a statement. */
export const grantKey = ({ policy, statement, resource }: Grant, action: string): string =>
  `${policy} ${statement}.${resource} ${action}`;

/** Begins a line that tells of a refusal. */
const REFUSED = 'refused: ';

/** Writes down every grant and every refusal when it is first seen, at once: a process that is killed has told all it did. */
export const noteGrants = (folder = process.env[GRANTS_FOLDER]): NonNullable<IamOptions['observe']> => {
  if (!folder) return () => {};
  const noted = new Set<string>();
  const note = (line: string) => {
    if (noted.has(line)) return;
    noted.add(line);
    appendFileSync(join(folder, String(process.pid)), `${line}\n`);
  };
  return ({ grants, allowed, roleArn, action, resource }) => {
    for (const grant of grants) note(grantKey(grant, action));
    if (!allowed) note(`${REFUSED}${roleArn} ${action} ${resource}`);
  };
};

export interface Noted {
  /** By `grantKey`. */
  readonly used: ReadonlySet<string>;
  /** `{role} {action} {resource}`. */
  readonly refused: readonly string[];
}

/** What all processes of a run did. */
export const notedGrants = (folder: string): Noted => {
  const lines = (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean),
  );
  const refused = lines.filter((line) => line.startsWith(REFUSED)).map((line) => line.slice(REFUSED.length));
  return { used: new Set(lines.filter((line) => !line.startsWith(REFUSED))), refused: [...new Set(refused)].sort() };
};
