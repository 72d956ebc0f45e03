import { request } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { type CodeReceiver, startCodeReceiver } from '../../../bin/setup/code-receiver.ts';
import { manifestPage } from '../../../bin/setup/manifest-page.ts';

let receiver: CodeReceiver;
afterEach(() => receiver.close());

const started = async () => {
  let state = '';
  receiver = await startCodeReceiver(0, (where) => {
    state = where.state;
    return `back to ${where.redirectUrl}`;
  });
  const page = await fetch(receiver.pageUrl);
  const back = (query: Readonly<Record<string, string>>) =>
    fetch(`${new URL(receiver.pageUrl).origin}/created?${new URLSearchParams(query)}`);
  return { page, text: await page.text(), state, back };
};

test('the page is shown to whoever knows its address, with nothing that a browser would keep or load', async () => {
  const { page, text } = await started();
  expect(text).toBe(`back to ${new URL(receiver.pageUrl).origin}/created`);
  expect(Object.fromEntries(page.headers)).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  });
  const { origin } = new URL(receiver.pageUrl);
  expect((await fetch(origin)).status).toBe(404);
  expect((await fetch(receiver.pageUrl, { method: 'POST' })).status).toBe(403);
});

test('a code counts only with the state of this run, and only once', async () => {
  const { state, back } = await started();
  for (const query of [
    { code: 'forged' },
    { code: 'forged', state: '' },
    { code: 'forged', state: `${state}x` },
    { code: 'forged', state: `x${state.slice(1)}` },
    { code: 'forged', state: 'ü'.repeat(state.length) },
    { code: '../../app', state },
    { code: '', state },
  ])
    expect((await back(query)).status).toBe(400);
  const taken = back({ code: 'real', state });
  const { code, answer } = await receiver.brought;
  expect(code).toBe('real');
  expect((await back({ code: 'second', state })).status).toBe(409);
  await answer('thanks');
  expect(await (await taken).text()).toBe('thanks');
});

test('a person who has closed the page keeps nobody waiting', async () => {
  const { state } = await started();
  const { port } = new URL(receiver.pageUrl);
  const browser = request({ port, host: '127.0.0.1', path: `/created?code=real&state=${state}` }).end();
  browser.on('error', () => {});
  const { answer } = await receiver.brought;
  browser.destroy();
  await new Promise((resolve) => browser.once('close', resolve));
  await answer('nobody sees this');
});

test('a name of somebody else that leads to this machine is no way in', async () => {
  await started();
  const { port, pathname } = new URL(receiver.pageUrl);
  const status = (host: string) =>
    new Promise((resolve, reject) => {
      request({ port, path: pathname, host: '127.0.0.1', headers: { host } }, (response) =>
        resolve(response.resume().statusCode),
      )
        .once('error', reject)
        .end();
    });
  expect(await status('evil.example')).toBe(403);
  expect(await status(`localhost:${port}`)).toBe(200);
});

test('whatever a name holds, the page stays one form', () => {
  receiver = { pageUrl: '', brought: new Promise(() => {}), close: async () => {} };
  const page = manifestPage('https://a.example/?state=1&x=2', { name: `"><script>'&` });
  expect(page).not.toContain('<script>');
  expect(page.match(/<form/g)).toHaveLength(1);
  expect(page).toContain('action="https://a.example/?state=1&#38;x=2"');
});
