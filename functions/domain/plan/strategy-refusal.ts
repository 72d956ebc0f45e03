import type { Release } from '../release.ts';
import { importable } from '../template/import.ts';
import { needsConfirmation, needsDatabases, type Strategy } from './strategy.ts';

/** Why a strategy cannot be asked for this release, before anything is queued; undefined when it can. */
export const strategyRefusal = (
  strategy: Strategy,
  confirm: string | undefined,
  { stackName, application, databases, template }: Release,
): string | undefined => {
  if (needsDatabases(strategy) && databases.length === 0)
    return `${strategy} is about databases, and ${application} declares none: nothing was queued`;
  if (strategy === 'import' && Object.keys(importable(template)).length === 0)
    return `import takes over buckets and secrets that exist, and ${application} declares none: nothing was queued`;
  if (!needsConfirmation(strategy) || confirm === stackName) return undefined;
  const said = confirm === undefined ? 'the request confirms nothing' : `the request confirms "${confirm}"`;
  return `${strategy} takes the data of ${stackName} away, and ${said}: nothing was queued. Ask again with "confirm": "${stackName}"`;
};
