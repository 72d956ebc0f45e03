import { readFileSync } from 'node:fs';
import { nearest } from '../functions/domain/configuration/nearest.ts';
import { sameJson } from '../functions/domain/same-json.ts';
import type { Execution } from '../functions/ports.ts';
import type { RequestInput } from '../statemachines/request.asl.ts';
import { Complaint } from './complaint.ts';
import { codeOf, messageOf } from './message-of.ts';
import type { OperatorPorts } from './operator.ts';
import { chooseSource } from './source.ts';

export type ManualRequest = Exclude<RequestInput, { readonly kind: 'push' }>;

type Values = Readonly<Record<string, string>>;

/**
 * What to deploy where, from an environment's name and the source options.
 * @throws Complaint that lists what there is where it is not clear
 */
export const sourceOf = async (
  ports: OperatorPorts,
  environment: string,
  values: Values,
): Promise<Omit<ManualRequest, 'id' | 'actor'>> => {
  await assertKnown(ports, environment);
  const { repository, ref, commit, application, inline } = values;
  if (inline !== undefined) {
    const other = ['repository', 'ref', 'commit', 'application'].find((option) => values[option] !== undefined);
    if (other) throw new Complaint(`--inline and --${other} cannot go together. Nothing was started.`);
    return { environment, inline: read(inline) };
  }
  const chosen = chooseSource(await ports.configuration.listRepositories(), environment, {
    repository,
    ref,
    commit,
    application,
  });
  if (chosen.kind === 'unclear') throw new Complaint(`${chosen.reason} Nothing was started.`);
  return { environment, ...chosen.source };
};

const assertKnown = async ({ configuration }: OperatorPorts, environment: string) => {
  const names = (await configuration.listEnvironments()).map(({ fullName }) => fullName);
  if (names.includes(environment)) return;
  const close = nearest(environment, names);
  const known = names.length === 0 ? 'None is configured yet.' : `Configured: ${names.join(', ')}.`;
  throw new Complaint(`There is no environment ${environment}${close ? `; did you mean ${close}?` : '.'} ${known}`);
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'it does not exist' : messageOf(error);
    throw new Complaint(`${path} cannot be read: ${why}. Nothing was started.`, { cause: error });
  }
};

/** How often a request that a fault ended is begun again under the same id. */
const MOST_TRIES = 9;

/**
 * Starts a request under its id; the same request again is the same execution, unless that one was ended by a fault.
 * Answers the execution's ARN.
 * @throws Complaint when another request has the id
 */
export const startRequest = async ({ machines }: OperatorPorts, request: ManualRequest): Promise<string> => {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const name = attempt === 1 ? request.id : `${request.id}-${attempt}`;
    const { kind, arn } = await machines.start('request', name, request);
    if (kind === 'started') return arn;
    const standing = await machines.inputOf(arn);
    if (!sameJson(withoutActor(standing), withoutActor(request)))
      throw new Complaint(`The id ${request.id} belongs to another request: ${told(standing)}. Nothing was started.`);
    if (!endedByFault(await machines.find(arn))) return arn;
  }
  throw new Complaint(
    `${MOST_TRIES} executions of the request ${request.id} were ended by faults: read their history.`,
  );
};

/** Who repeats a request asks for the same thing. */
const withoutActor = (request: object): object => ({ ...request, actor: undefined });

const told = (input: object): string =>
  Object.entries(input)
    .filter(([key]) => key !== 'id' && key !== 'inline')
    .map(([key, value]) => `${key} ${[value].flat().join(' ')}`)
    .join(', ');

const endedByFault = (execution: Execution | undefined): boolean =>
  execution !== undefined && execution.status !== 'RUNNING' && execution.status !== 'SUCCEEDED';
