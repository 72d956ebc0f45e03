import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { InvokeFunction } from '../function.ts';
import type { FunctionAllows } from '../lambda/permissions.ts';
import type { World } from '../part.ts';
import { takeTime } from '../take-time.ts';
import { AwsError } from '../wire/service.ts';
import type { Apis, IntegrationRecord, RouteRecord, StageRecord } from './apis.ts';
import { answerFrom, type GatewayAnswer, ownAnswer } from './gateway-answer.ts';
import { gatewayEvent } from './gateway-event.ts';
import { findRoute, type RouteMatch } from './route.ts';

export interface GatewayOptions {
  readonly invoke: InvokeFunction;
  /** Whether the function's own policy lets API Gateway invoke it; see lambda/. */
  readonly allowed: FunctionAllows;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const BODY_BYTES = 10 * 1024 * 1024;

/** Answers one HTTP request to an API. */
export const answerRequest = async (
  world: World,
  records: Apis,
  options: GatewayOptions,
  apiId: string,
  incoming: IncomingMessage,
): Promise<GatewayAnswer> => {
  await takeTime(world, 'apigateway.call');
  const body = await bodyOf(incoming);
  if (!body) return ownAnswer(413, 'Request Entity Too Large');
  const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
  const stage = stageOf(records, apiId, pathname);
  if (!stage) return ownAnswer(404, 'Not Found');
  const path = stage.stageName === '$default' ? pathname : pathname.slice(stage.stageName.length + 1) || '/';
  const routes = records.routes.list(`${apiId}/`).map(({ value }) => value);
  const match = findRoute(routes, incoming.method ?? 'GET', path);
  const integration = match && records.integrations.get(`${apiId}/${match.route.integrationId}`);
  if (!match || !integration) return ownAnswer(404, 'Not Found');
  const requestId = randomUUID();
  const event = gatewayEvent(world, {
    apiId,
    stage: stage.stageName,
    stageVariables: stage.variables,
    routeKey: match.route.routeKey,
    pathParameters: match.pathParameters,
    requestId,
    incoming,
    body,
  });
  const answer = await answerOf(world, options, integration, sourceArn(world, apiId, stage, match), event);
  return { ...answer, headers: { ...answer.headers, 'apigw-requestid': requestId } };
};

const answerOf = async (
  world: World,
  { invoke, allowed }: GatewayOptions,
  { functionArn, timeoutMillis }: IntegrationRecord,
  source: string,
  event: object,
): Promise<GatewayAnswer> => {
  if (!allowed(functionArn, 'apigateway.amazonaws.com', source))
    return broken(world, `${functionArn} has no permission for apigateway.amazonaws.com from ${source}`);
  try {
    const invocation = await within(world, timeoutMillis, () => invoke(functionArn, JSON.stringify(event)));
    if (!invocation) return ownAnswer(503, 'Service Unavailable');
    if (invocation.functionError) return broken(world, `${functionArn} failed: ${invocation.payload}`);
    return (
      answerFrom(invocation.payload) ?? broken(world, `${functionArn} answered no response: ${invocation.payload}`)
    );
  } catch (error) {
    if (error instanceof AwsError && error.status === 413) return ownAnswer(413, 'Request Entity Too Large');
    return broken(world, `${functionArn} could not be invoked: ${error instanceof Error ? error.message : error}`);
  }
};

/** Undefined when the time runs out first. */
const within = <T>({ clock }: World, millis: number, run: () => Promise<T>): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    const timer = clock.after(millis, () => resolve(undefined));
    run()
      .then(resolve, reject)
      .finally(() => timer.cancel());
  });

const broken = (world: World, reason: string): GatewayAnswer => {
  world.log(`gateway: ${reason}`);
  return ownAnswer(500, 'Internal Server Error');
};

/** The stage that the first segment names, else `$default`. */
const stageOf = ({ stages }: Apis, apiId: string, pathname: string): StageRecord | undefined =>
  stages.get(`${apiId}/${pathname.split('/')[1] || '$default'}`) ?? stages.get(`${apiId}/$default`);

/** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}{path of the route}` */
const sourceArn = (
  { region, account }: World,
  apiId: string,
  { stageName }: StageRecord,
  { route }: RouteMatch<RouteRecord>,
) => `arn:aws:execute-api:${region}:${account}:${apiId}/${stageName}/${route.routeKey.replace(' ', '')}`;

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    if (length > BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
