// Runs in place of the o5 runtime sidecar. It does the two things that a local deployment cannot do without: it passes the
// load balancer's requests on to the containers beside it, and it stands for PostgreSQL at a socket, where nobody needs a
// password, and logs in to the server with tokens of IAM. Messages, outboxes and CORS are not its business.
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, request as requestTo } from 'node:http';
import { createServer as createSocketServer, Socket } from 'node:net';
import { dirname } from 'node:path';

const { STAND_IN_IMAGE: name, SERVICE_ENDPOINT = '', PUBLIC_ADDR, ADAPTER_ADDR } = process.env;
const endpoints = SERVICE_ENDPOINT.split(',').filter(Boolean);
const say = (text) => console.log(`stand-in for ${name}: ${text}`);

/** `:8888` -> where that port is on this machine. */
const localPort = (address) => Number(process.env[`PORT_${address?.split(':').at(-1)}`]);

/** Asks one container; its answer, or undefined when it does not listen. */
const ask = (endpoint, { method, url, headers }, body) =>
  new Promise((resolve) => {
    const outgoing = requestTo(new URL(url, `http://${endpoint}`), { method, headers }, resolve);
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(body);
  });

/** The first container that knows the path answers; the last one has the last word. */
const forward = async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  for (const endpoint of endpoints) {
    const answer = await ask(endpoint, request, body);
    const isLast = endpoint === endpoints.at(-1);
    if (answer && (isLast || answer.statusCode !== 404)) {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      return;
    }
    answer?.resume();
  }
  say(`${request.method} ${request.url} found nobody at ${endpoints.join(', ') || 'no endpoint'}`);
  response
    .writeHead(502, { 'content-type': 'text/plain' })
    .end('The application beside the sidecar does not answer.\n');
};

const answerPublic = (request, response) =>
  request.url === '/healthz' ? response.writeHead(200).end() : forward(request, response);

/** What containers hand over to be sent is taken, said, and goes nowhere. */
const answerAdapter = (request, response) => {
  say(`${request.method} ${request.url} is taken and not sent`);
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
};

/** `DB1` as the real one takes it apart: `DB_1`. */
const words = (name) => name.replaceAll(/(?<=[A-Z])(?=\d)|(?<=\d)(?=[A-Z])/g, '_');

const proxied = (process.env.POSTGRES_IAM_PROXY ?? '').split(',').filter(Boolean);
const variableOf = (name) => `DB_CREDS_${words(name)}`;
const isByIam = (name) => process.env[variableOf(name)]?.startsWith('{');

/** How to log in to each database of the proxy, by the name that containers use. */
const logins = new Map(
  proxied.filter(isByIam).map((name) => [words(name).toLowerCase(), JSON.parse(process.env[variableOf(name)])]),
);

/** The next bytes of a connection. */
const take = async (socket, size) => {
  for (;;) {
    const bytes = socket.read(size);
    if (bytes?.length === size) return bytes;
    if (bytes || socket.destroyed) throw new Error('the connection ended early');
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  }
};

const int32 = (number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
};

const packet = (type, ...parts) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};

const PROTOCOL = 196_608;
const SSL_REQUEST = 80_877_103;

/** What a container introduces itself with, refused where the real one refuses. */
const startupOf = async (client) => {
  const size = (await take(client, 4)).readInt32BE();
  if (size < 8 || size > 10_000) throw new Error('this is not how PostgreSQL is spoken to');
  const body = await take(client, size - 4);
  const code = body.readInt32BE();
  if (code === SSL_REQUEST) throw new Error('ssl connections are not supported');
  if (code !== PROTOCOL) throw new Error(`protocol ${code >> 16}.${code & 0xffff} is not supported`);
  const pairs = [...body.toString('utf8', 4).matchAll(/([^\0]+)\0([^\0]*)\0/g)];
  const { user, database = user, ...options } = Object.fromEntries(pairs.map(([, key, value]) => [key, value]));
  if (!user) throw new Error('no user in startup message');
  const refused = ['replication', 'options'].find((option) => option in options);
  if (refused) throw new Error(`${refused} is not supported`);
  return database;
};

const credentials = async () => {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env;
  if (!url) throw new Error('the task has no role to log in with');
  const response = await fetch(url, { headers: { authorization } });
  if (!response.ok) throw new Error(`no credentials of the task's role: ${response.status} ${await response.text()}`);
  return response.json();
};

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const escaped = (text) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** A presigned request to connect, without its scheme; https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
const tokenFor = (endpoint, user, { AccessKeyId, SecretAccessKey, Token }) => {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), process.env.AWS_REGION, 'rds-db', 'aws4_request'];
  const parameters = {
    Action: 'connect',
    DBUser: user,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': [AccessKeyId, ...scope].join('/'),
    'X-Amz-Date': time,
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': Token,
    'X-Amz-SignedHeaders': 'host',
  };
  const query = Object.entries(parameters)
    .map(([key, value]) => `${key}=${escaped(value)}`)
    .join('&');
  const canonical = ['GET', '/', query, `host:${endpoint}`, '', 'host', sha256('')].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const signature = hmac(scope.reduce(hmac, `AWS4${SecretAccessKey}`), text).toString('hex');
  return `${endpoint}/?${query}&X-Amz-Signature=${signature}`;
};

const AUTHENTICATION = 'R'.charCodeAt(0);
const [LET_IN, CLEARTEXT_PASSWORD] = [0, 3];

/** Logs in; gives what the server had to say last: that the connection stands, or why not. */
const logIn = async (server, { dbUser, dbName }, token) => {
  const startup = Buffer.from(`user\0${dbUser}\0database\0${dbName}\0\0`);
  server.write(Buffer.concat([int32(startup.length + 8), int32(PROTOCOL), startup]));
  for (;;) {
    const head = await take(server, 5);
    const body = await take(server, head.readInt32BE(1) - 4);
    const code = body.readInt32BE();
    if (head[0] !== AUTHENTICATION || code === LET_IN) return Buffer.concat([head, body]);
    if (code !== CLEARTEXT_PASSWORD) throw new Error(`${dbUser} is no login by IAM: the server asks for a password`);
    server.write(packet('p', token, '\0'));
  }
};

/** Stands between a container and the server that it means. */
const proxy = async (client, server) => {
  const database = await startupOf(client);
  const login = logins.get(database);
  if (!login) throw new Error(`database ${database} not found`);
  const [host, port = String(login.port ?? 5432)] = login.endpoint.split(':');
  const token = tokenFor(`${host}:${port}`, login.dbUser, await credentials());
  await once(server.connect(Number(port), host), 'connect');
  client.write(await logIn(server, login, token));
  client.pipe(server).pipe(client);
};

const answerPostgres = (client) => {
  const server = new Socket();
  for (const [one, other] of [
    [client, server],
    [server, client],
  ])
    one.on('error', ({ message }) => say(`PostgreSQL: ${message}`)).on('close', () => other.destroySoon());
  proxy(client, server).catch((error) => {
    const reason = error.message || error.code;
    if (!client.errored && !server.errored) say(`PostgreSQL: ${reason}`);
    client.end(packet('E', `SFATAL\0VFATAL\0C08006\0M${reason}\0\0`));
  });
};

/** Containers of other accounts may connect as well; who reaches the folder is the task's business. */
const listenForPostgres = async (path) => {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  await once(createSocketServer(answerPostgres).listen(path), 'listening');
  chmodSync(path, 0o777);
  say(`listens on ${path} for PostgreSQL: ${[...logins.keys()].join(', ') || 'no database'}`);
  for (const name of proxied.filter((one) => !isByIam(one)))
    say(`knows no login by IAM in ${variableOf(name)}; logins with passwords are not its business`);
};

// Its first line says that it is up, so what it listens on comes before.
if (proxied.length > 0) await listenForPostgres(process.env.POSTGRES_PROXY_BIND);
say(endpoints.length > 0 ? `passes requests on to ${endpoints.join(', ')}` : 'has nobody to pass requests on to');
for (const [address, answer] of [
  [PUBLIC_ADDR, answerPublic],
  [ADAPTER_ADDR, answerAdapter],
]) {
  const port = localPort(address);
  if (port) createServer(answer).listen(port, '127.0.0.1', () => say(`listens on ${port} for ${address}`));
}
const alive = setInterval(() => undefined, 60_000);
process.on('SIGTERM', () => {
  say('stops');
  clearInterval(alive);
  process.exit(0);
});
