import * as z from 'zod';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { GitHub } from '../../infra/local/github/github.ts';

const payloadSchema = z.object({ head_commit: z.object({ message: z.string() }).nullish() });

/** First line of the commit's message, from the delivery that asked for the deployment. */
export const subjectOf = (github: Pick<GitHub, 'deliveries'>, { source }: Deployment): string | undefined => {
  if (source.kind !== 'push') return undefined;
  const delivery = github.deliveries().find(({ guid }) => guid === source.deliveryId);
  if (!delivery) return undefined;
  return payloadSchema.parse(JSON.parse(delivery.payload)).head_commit?.message.split('\n')[0];
};
