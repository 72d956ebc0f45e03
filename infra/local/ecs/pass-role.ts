import type { Input, WireService } from '../wire/service.ts';

/**
 * Whoever hands a role to tasks needs `iam:PassRole` on it, beside the right to the call itself; and every call carries
 * the condition key `ecs:cluster`. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_service-with-iam.html
 */
export const withPassRole = (
  service: WireService,
  rolesPassed: (action: string, input: Input) => readonly string[],
  clusterArnOf: (input: Input) => string,
): WireService => ({
  ...service,
  handle: (request, authorize) =>
    service.handle(request, (action, resources) => {
      const input: Input = request.body.length ? JSON.parse(request.body.toString('utf8')) : {};
      authorize(action, resources, { 'ecs:cluster': clusterArnOf(input) });
      const roles = rolesPassed(action, input);
      if (roles.length) authorize('iam:PassRole', roles, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' });
    }),
});
