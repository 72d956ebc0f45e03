import { socketName } from './proxied-name.ts';
import { POSTGRES_SOCKETS } from './sidecar-names.ts';

/** Where the containers of a runtime reach a database that the sidecar logs in to, as the original says it. */
export const socketDsn = (database: string): string => {
  const name = socketName(database);
  return `host=${POSTGRES_SOCKETS} user=${name} dbname=${name} sslmode=disable`;
};

/** The same as a URL: tools for migrations, dbmate among them, take nothing else. */
export const socketUrl = (database: string): string => {
  const name = socketName(database);
  return `postgres://${name}@/${name}?host=${POSTGRES_SOCKETS}&sslmode=disable`;
};
