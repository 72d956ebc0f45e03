import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withFolders } from '../../../infra/local/ecs/mounted-paths.ts';

const mounts = [
  { path: '/sockets', folder: '/tmp/ecs-1/0' },
  { path: '/data/', folder: '/tmp/ecs-1/1' },
  { path: '/data/cache', folder: '/tmp/ecs-1/2' },
];

test.each([
  ['/sockets', '/tmp/ecs-1/0'],
  ['/sockets/postgres/.s.PGSQL.5432', '/tmp/ecs-1/0/postgres/.s.PGSQL.5432'],
  ['host=/sockets/postgres user=main', 'host=/tmp/ecs-1/0/postgres user=main'],
  ["host='/sockets' port=1", "host='/tmp/ecs-1/0' port=1"],
  [
    'postgres://main@/main?host=/sockets/postgres&sslmode=disable',
    'postgres://main@/main?host=/tmp/ecs-1/0/postgres&sslmode=disable',
  ],
  ['postgres://u@/db?host=%2Fsockets%2Fpostgres&x=1', 'postgres://u@/db?host=%2Ftmp%2Fecs-1%2F0%2Fpostgres&x=1'],
  ['postgres://%2fsockets%2fpostgres/db', 'postgres://%2Ftmp%2Fecs-1%2F0%2fpostgres/db'],
  ['postgres://u@%2Fsockets:5432/db', 'postgres://u@%2Ftmp%2Fecs-1%2F0:5432/db'],
  ['unix:///sockets/app.sock', 'unix:///tmp/ecs-1/0/app.sock'],
  ['unix:/sockets/app.sock', 'unix:/tmp/ecs-1/0/app.sock'],
  ['user@unix(/sockets/my.sock)/db', 'user@unix(/tmp/ecs-1/0/my.sock)/db'],
  ['{"path":"/sockets"}', '{"path":"/tmp/ecs-1/0"}'],
  ['/usr/bin:/sockets/bin,/data', '/usr/bin:/tmp/ecs-1/0/bin,/tmp/ecs-1/1'],
  ['/data/cache/x /data/cached /data', '/tmp/ecs-1/2/x /tmp/ecs-1/1/cached /tmp/ecs-1/1'],
])('a path that is mounted means its folder: %s', (text, translated) => {
  expect(withFolders(text, mounts)).toBe(translated);
});

test.each([
  '/data2/sockets',
  '/var/sockets',
  '/sockets-old/x',
  '/sockets.d',
  '/sockets2',
  'sockets',
  'https://example.com/sockets',
  'https://example.com:8080/sockets/x',
  'https://[::1]/sockets',
  'https://sockets/x',
  'postgres://sockets@/sockets?host=/elsewhere',
  '%2Fvar%2Fsockets',
  '%2Fsockets2',
  'x%2Fsockets%20y',
])('what only looks like a mounted path stays as it is: %s', (text) => {
  expect(withFolders(text, mounts)).toBe(text);
});

test('a folder that begins like another mounted path is not translated again', () => {
  const tangled = [
    { path: '/tmp', folder: '/data/0' },
    { path: '/data', folder: '/tmp/1' },
  ];
  expect(withFolders('/tmp/a /data/b', tangled)).toBe('/data/0/a /tmp/1/b');
});

test('a mounted path is found under every name that a path can have, plain and encoded', () => {
  const segment = fc.stringMatching(/^[\w.+$*()[\]{}^| -]{1,12}$/).filter((text) => !/^\.{1,2}$/.test(text));
  fc.assert(
    fc.property(segment, fc.stringMatching(/^[\w.-]{1,12}$/), (one, inner) => {
      const mount = { path: `/${one}`, folder: '/f' };
      expect(withFolders(`x=/${one}/${inner}`, [mount])).toBe(`x=/f/${inner}`);
      expect(withFolders(`x=${encodeURIComponent(`/${one}/${inner}`)}`, [mount])).toBe(`x=%2Ff%2F${inner}`);
    }),
    { numRuns: 500 },
  );
});

test('the root is never taken for a volume, and without mounts every text stays as it is', () => {
  expect(withFolders('/ /x host=/y', [{ path: '/', folder: '/f' }])).toBe('/ /x host=/y');
  fc.assert(fc.property(fc.string(), (text) => expect(withFolders(text, [])).toBe(text)));
});
