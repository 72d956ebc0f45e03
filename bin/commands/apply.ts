import { readFileSync } from 'node:fs';
import { describeError } from '../../functions/domain/configuration/configuration-error.ts';
import { applyConfiguration } from '../../functions/operations/apply-configuration.ts';
import { actorOf, actorOption } from '../actor.ts';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { connect, connectionOptions } from '../connection.ts';
import { codeOf, messageOf } from '../message-of.ts';

/** Stores a configuration file, whole or not at all. */
export const apply: Command = {
  name: 'apply',
  says: 'stores the clusters, environments and repositories of a configuration file',
  operands: ['FILE'],
  options: { actor: actorOption, ...connectionOptions },
  run: async ({ operands: [path = ''], values }, output) => {
    const file = { path, text: read(path) };
    const { ports, place } = await connect(values);
    const applied = await applyConfiguration(ports, { file, actor: actorOf(values) });
    if (applied.kind === 'invalid') {
      for (const error of applied.errors) output.aside(describeError(error));
      output.aside(
        `${counted(applied.errors.length, 'error')} in ${path}. Nothing was stored; correct them and apply it again.`,
      );
      return 1;
    }
    for (const warning of applied.warnings) output.aside(`warning: ${describeError(warning)}`);
    const { cluster, environments, repositories } = applied.value;
    output.line(`Applied ${path} to ${place}.`);
    if (cluster) output.line(`  cluster      ${cluster.name}`);
    for (const { fullName } of environments) output.line(`  environment  ${fullName}`);
    for (const { owner, name } of repositories) output.line(`  repository   ${owner}/${name}`);
    return 0;
  },
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'it does not exist' : messageOf(error);
    throw new Complaint(`${path} cannot be read: ${why}. Nothing was stored; name a configuration file.`, {
      cause: error,
    });
  }
};

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
