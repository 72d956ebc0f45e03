/**
 * Who PostgreSQL asks what behind a front door (https://www.postgresql.org/docs/current/auth-pg-hba-conf.html): the first line that
 * fits counts. `local` is the socket, which the door alone reaches, with users whose token it has seen.
 */
export const HOST_BASED_ACCESS = `
local all +rds_superuser reject
local all +rds_iam trust
host all +rds_superuser 127.0.0.1/32 scram-sha-256
host all +rds_iam 127.0.0.1/32 reject
host all all 127.0.0.1/32 scram-sha-256
`;
