import { stringify } from 'yaml';
import type { Files } from './slipway.ts';

export interface ServiceOptions {
  readonly application: string;
  /** What it answers below `/{application}`. */
  readonly says: string;
  /** More keys of the application file. */
  readonly more?: object;
}

/** A small application without a database, made of few files: what stories deploy that are not about databases. */
export const serviceFiles = ({ application, says, more = {} }: ServiceOptions): Files => ({
  Dockerfile: 'FROM node:24-alpine\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n',
  'package.json': '{ "name": "service", "private": true, "type": "module" }\n',
  'server.js': serverSaying(says),
  'ext/o5/app.yaml': applicationFile(application, more),
});

export const applicationFile = (application: string, more: object = {}): string =>
  stringify({
    name: application,
    runtimes: [
      {
        name: 'main',
        // So that every story sees CloudFormation give a role what the example's environment names.
        namedEnvPolicies: ['tracing'],
        routes: [{ prefix: `/${application}`, protocol: 'HTTP', bypassIngress: true, port: 8080 }],
        containers: [{ name: 'main', demand: 'LIGHT', image: { name: 'shop' } }],
      },
    ],
    ...more,
  });

export const serverSaying = (says: string): string => `import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end(${JSON.stringify(`${says}\n`)}));
server.listen(Number(process.env.PORT), '0.0.0.0');
process.on('SIGTERM', () => server.close());
`;

/** A release that is broken: its server ends as soon as it is started. */
export const serverThatExits = `console.error('no such planet');
process.exit(3);
`;
