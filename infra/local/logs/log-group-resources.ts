import { generatedName } from '../generated-name.ts';
import type { Part, Properties, Resource, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import type { LogBook } from './log-book.ts';

/** Log groups of templates. */
export const logGroupResources = (world: World, book: LogBook): NonNullable<Part['resources']> => {
  const shown = (name: string): Resource => ({
    physicalId: name,
    attributes: { Arn: `arn:aws:logs:${world.region}:${world.account}:log-group:${name}:*` },
  });
  const made = (name: string, properties: Properties): Resource => {
    const group = book.findGroup(name);
    const days = properties['RetentionInDays'];
    if (group) book.setRetention(group, days === undefined ? undefined : Number(days));
    return shown(name);
  };
  return {
    'AWS::Logs::LogGroup': {
      create: async (request) => {
        const name = String(request.properties['LogGroupName'] ?? generatedName(request, 512));
        const existing = book.findGroup(name);
        if (existing && existing.seed !== request.seed)
          throw new AwsError(
            'AlreadyExists',
            `Resource of type 'AWS::Logs::LogGroup' with identifier '{"/properties/LogGroupName":"${name}"}' already exists.`,
          );
        if (!existing) book.createGroup(name, request.seed);
        return made(name, request.properties);
      },
      update: async ({ physicalId, properties }) => made(physicalId, properties),
      delete: async ({ physicalId }) => book.deleteGroup(physicalId),
      importing: {
        identifier: ['LogGroupName'],
        find: async ({ LogGroupName = '' }) => (book.findGroup(LogGroupName) ? shown(LogGroupName) : undefined),
      },
    },
  };
};
