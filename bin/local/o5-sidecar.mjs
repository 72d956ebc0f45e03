// Runs in place of the o5 runtime sidecar. It does the one thing that a local deployment cannot do without: it passes the
// load balancer's requests on to the containers beside it. Messages, outboxes, tokens and CORS are not its business.
import { createServer, request as requestTo } from 'node:http';

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
