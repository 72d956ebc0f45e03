/** The container that o5 applications know as their runtime: its name is part of what they are configured with. */
export const SIDECAR = 'o5_runtime';

/** Where it takes the requests of the load balancer. */
export const PUBLIC_PORT = 8888;

/** Where the other containers of the task hand it what they want to send. */
export const ADAPTER_PORT = 8081;

/** Folder of sockets that the containers of a task share, and the socket through which it stands for PostgreSQL. */
export const SOCKETS = '/sockets';
export const POSTGRES_SOCKETS = `${SOCKETS}/postgres`;
