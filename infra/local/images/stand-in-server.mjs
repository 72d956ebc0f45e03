// Runs in place of an image that nobody has here. It never pretends: every line and every answer says what it is.
import { createServer } from 'node:http';

const name = process.env.STAND_IN_IMAGE;
const say = (text) => console.log(`stand-in for ${name}: ${text}`);
const ports = new Set(
  Object.entries(process.env)
    .filter(([key]) => key === 'PORT' || /^PORT_\d+$/.test(key))
    .map(([, port]) => Number(port)),
);
const server = () =>
  createServer((request, response) => {
    say(`${request.method} ${request.url}`);
    request.resume();
    response.writeHead(200, { 'content-type': 'text/plain', 'x-stand-in': 'true' });
    response.end(`This is a stand-in for the image ${name}. Nothing of it runs here.\n`);
  });

say(ports.size ? 'the image does not run here; this answers in its place' : 'the image does not run here; this waits');
for (const port of ports) server().listen(port, '127.0.0.1', () => say(`listens on ${port}`));
const alive = setInterval(() => undefined, 60_000);
process.on('SIGTERM', () => {
  say('stops');
  clearInterval(alive);
  process.exit(0);
});
