import type { Release } from '../domain/release.ts';
import type { Ports } from '../ports.ts';

/** Quick evaluates nothing, so that every database of the release has to be there already, with its login. */
export const mayBeQuick = async (
  { databases }: Pick<Ports, 'databases'>,
  { environment, databases: wanted }: Release,
): Promise<boolean> => {
  const known = await Promise.all(wanted.map(({ databaseName }) => databases.find(environment, databaseName)));
  return known.every((record) => record?.login);
};
