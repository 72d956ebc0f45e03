import { CreateServiceCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { openStore } from '../../../infra/local/store.ts';
import { create, eventually, testWorld } from '../test-world.ts';
import { ecsWorld, script } from './ecs-world.ts';

// Runs as a process of its own that its test kills: a service behind a balancer, a task, and nothing that tidies up.
const [folder = '', storeFile = ''] = process.argv.slice(2);
const elb = (kind: string) => `AWS::ElasticLoadBalancingV2::${kind}`;
const cloud = await ecsWorld({ folder, world: testWorld({ store: openStore(storeFile) }) });
const { balancer, client, world } = cloud;
const group = await create(balancer, elb('TargetGroup'), 'Group', { Port: 80, HealthCheckPath: '/healthz' });
const loadBalancer = await create(balancer, elb('LoadBalancer'), 'Balancer', {});
const listener = await create(balancer, elb('Listener'), 'Listener', {
  LoadBalancerArn: loadBalancer.physicalId,
  Port: 80,
  DefaultActions: [{ Type: 'forward', TargetGroupArn: group.physicalId }],
});
const serving = { environment: [{ name: 'VERSION', value: 'one' }], portMappings: [{ containerPort: 8080 }] };
await client.send(
  new CreateServiceCommand({
    cluster: 'main',
    serviceName: 'shop',
    taskDefinition: await cloud.register([serving]),
    desiredCount: 2,
    loadBalancers: [{ targetGroupArn: group.physicalId, containerName: 'main', containerPort: 8080 }],
  }),
);
const steady = ({ detail }: { detail: object }) => 'eventName' in detail && detail.eventName === 'SERVICE_STEADY_STATE';
await eventually('steady', () => world.emitted.some(steady));
const migrating = {
  ...script('console.log(process.env.FOLDER); setInterval(() => {}, 1000)'),
  mountPoints: [{ sourceVolume: 'sockets', containerPath: '/sockets' }],
  environment: [{ name: 'FOLDER', value: '/sockets' }],
  logConfiguration: { logDriver: 'awslogs' as const, options: { 'awslogs-group': 'migration' } },
};
const taskDefinition = await cloud.register([migrating], { volumes: [{ name: 'sockets' }] });
const { tasks } = await client.send(new RunTaskCommand({ cluster: 'main', taskDefinition, startedBy: 'migration' }));
await cloud.reached(tasks?.[0]?.taskArn ?? '', 'RUNNING');
const volume = await eventually('it says where its volume is', () => Object.values(cloud.lines).flat()[0]);
const url = balancer.listenerUrl(listener.physicalId);
console.log(JSON.stringify({ listenerArn: listener.physicalId, url, volume }));
