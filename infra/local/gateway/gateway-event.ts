import type { IncomingMessage } from 'node:http';
import type { World } from '../part.ts';

export interface GatewayRequest {
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
}

/** The event of payload format 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export const gatewayEvent = (world: World, request: GatewayRequest): object => {
  const { apiId, stage, routeKey, pathParameters, stageVariables, requestId, incoming, body } = request;
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const { cookie, ...headers } = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const isText = isTextBody(headers);
  const now = world.clock.now();
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split(/; ?/) }),
    headers,
    ...(url.search && { queryStringParameters: queryOf(url.searchParams) }),
    requestContext: {
      accountId: world.account,
      apiId,
      domainName: headers['host'] ?? '',
      domainPrefix: apiId,
      http: {
        method: incoming.method,
        path: url.pathname,
        protocol: `HTTP/${incoming.httpVersion}`,
        sourceIp: incoming.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage,
      time: commonLogTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(Object.keys(stageVariables).length > 0 && { stageVariables }),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
};

/** Form bodies are not among the text types: an HTTP API hands them over in base64. */
const isTextBody = (headers: Readonly<Record<string, string>>): boolean => {
  const [type = ''] = (headers['content-type'] ?? '').toLowerCase().split(';');
  if (headers['content-encoding'] && headers['content-encoding'] !== 'identity') return false;
  return /^(text\/.+|application\/(json|xml|javascript|.+\+json|.+\+xml))$/.test(type.trim());
};

const queryOf = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));

/** `12/Mar/2026:19:03:58 +0000` */
const commonLogTime = (millis: number): string => {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(millis).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
};
