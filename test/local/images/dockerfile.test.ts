import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { dockerfileFrom } from '../../../infra/local/images/dockerfile.ts';

test('the last stage says how the image runs', () => {
  const dockerfile = dockerfileFrom(`# syntax=docker/dockerfile:1
ARG NODE=24
FROM node:\${NODE} AS build
WORKDIR /src
ENV ONLY=build
CMD ["never"]

FROM node:$NODE-slim
ARG VERSION=dev
ARG NODE
WORKDIR /app
ENV VERSION_TAG=$VERSION NODE_MAJOR=\${NODE} \\
    # a comment between continued lines
    GREETING="hello world" EMPTY=
COPY --from=build /src .
RUN npm ci && \\
    npm prune
EXPOSE 8080/tcp 9000-9002
ENTRYPOINT ["node"]
CMD ["server.js", "--port", "8080"]
`);
  expect(dockerfile).toMatchObject({
    root: '/app',
    workingDirectory: '/app',
    environment: { VERSION_TAG: 'dev', NODE_MAJOR: '24', GREETING: 'hello world', EMPTY: '' },
    entryPoint: ['node'],
    command: ['server.js', '--port', '8080'],
    ports: [8080, 9000, 9001, 9002],
    stopSignal: 'SIGTERM',
  });
});

test('the shell form runs in the shell that SHELL names', () => {
  expect(dockerfileFrom('FROM a\nCMD node server.js | tee log').command).toEqual([
    '/bin/sh',
    '-c',
    'node server.js | tee log',
  ]);
  const bash = dockerfileFrom('FROM a\nSHELL ["/bin/bash", "-c"]\nENTRYPOINT exec node server.js\nSTOPSIGNAL INT');
  expect(bash.entryPoint).toEqual(['/bin/bash', '-c', 'exec node server.js']);
  expect(bash.stopSignal).toBe('SIGINT');
});

test('a stage that stands on another one inherits it; a new ENTRYPOINT takes the inherited CMD away', () => {
  const base = 'FROM node AS base\nWORKDIR /app\nENV A=1\nCMD ["server.js"]\n';
  expect(dockerfileFrom(`${base}FROM Base\nENV B=\${A}2`)).toMatchObject({
    workingDirectory: '/app',
    environment: { A: '1', B: '12' },
    command: ['server.js'],
  });
  expect(dockerfileFrom(`${base}FROM base\nENTRYPOINT ["node"]`).command).toEqual([]);
  expect(dockerfileFrom('FROM a\nCMD ["x"]\nENTRYPOINT ["node"]').command).toEqual(['x']);
});

test('relative WORKDIRs add up, the first one is the root', () => {
  const dockerfile = dockerfileFrom('FROM a\nWORKDIR /srv/app\nWORKDIR server\nWORKDIR ../worker');
  expect(dockerfile).toMatchObject({ root: '/srv/app', workingDirectory: '/srv/app/worker' });
});

test('variables know defaults, alternatives and quotes', () => {
  const { environment } = dockerfileFrom(
    `FROM a\nARG SET=yes\nENV A=\${NONE:-fallback} B=\${SET:+on} C='$SET' D="$SET" E=\\$SET F=$NONE\nENV OLD the old $SET form`,
  );
  expect(environment).toEqual({
    A: 'fallback',
    B: 'on',
    C: '$SET',
    D: 'yes',
    E: '$SET',
    F: '',
    OLD: 'the old yes form',
  });
});

test('here-documents are no instructions', () => {
  const text = 'FROM a\nRUN <<EOF\nCMD ["never"]\nEOF\nCOPY <<-"END" /file\n\tENV A=1\n\tEND\nCMD ["x"]';
  expect(dockerfileFrom(text)).toMatchObject({ command: ['x'], environment: {} });
});

test('another escape character leaves backslashes alone', () => {
  const { environment, command } = dockerfileFrom('# escape=`\nFROM a\nENV P=C:\\x `\n  Q=1\nCMD ["y"]');
  expect(environment).toEqual({ P: 'C:\\x', Q: '1' });
  expect(command).toEqual(['y']);
});

test('what is no Dockerfile is refused with its line', () => {
  expect(() => dockerfileFrom('FROM a\n\nCOPPY . .')).toThrow('Dockerfile line 3: unknown instruction COPPY');
  expect(() => dockerfileFrom('ENV A=1\nFROM a')).toThrow('Dockerfile line 1: ENV stands before the first FROM');
  expect(() => dockerfileFrom('# nothing')).toThrow('the Dockerfile has no FROM');
});

test('the exec form gives back exactly the words that went in', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (words) => {
      const text = `FROM a\nCMD ${JSON.stringify(words)}\nEXPOSE 1`;
      expect(dockerfileFrom(text)).toMatchObject({ command: words, ports: [1] });
    }),
  );
});

test('a quoted ENV value gives back exactly the text that went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '$', '"', '\\', "'", '{', 'é') }), (value) => {
      const quoted = value.replace(/["$\\]/g, '\\$&');
      expect(dockerfileFrom(`FROM a\nENV A="${quoted}" B=1`).environment).toEqual({ A: value, B: '1' });
    }),
  );
});
