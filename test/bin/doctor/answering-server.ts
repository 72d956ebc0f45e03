import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AnsweringServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands for a service that is not part of the embedded cloud, or that answers as the embedded one never would. */
export const answeringServer = async (
  answer: (request: { readonly path: string; readonly body: string }) => Answer,
): Promise<AnsweringServer> => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { status, body, headers } = answer({ path: request.url ?? '', body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(status, headers);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

/** Settings of a client that speaks to it. */
export const settingsFor = (url: string) => ({
  region: 'eu-central-1',
  endpoint: url,
  credentials: async () => ({ accessKeyId: 'operator', secretAccessKey: 'secret' }),
});
