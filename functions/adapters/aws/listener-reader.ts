import { type ElasticLoadBalancingV2Client, paginateDescribeRules } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerReader } from '../../ports.ts';

export const elbListenerReader = (client: ElasticLoadBalancingV2Client): ListenerReader => ({
  priorities: async (listenerArn) => {
    const used: Record<number, string> = {};
    for await (const page of paginateDescribeRules({ client }, { ListenerArn: listenerArn }))
      for (const { Priority, RuleArn = '' } of page.Rules ?? [])
        if (Priority && Priority !== 'default') used[Number(Priority)] = RuleArn;
    return used;
  },
});
