import { expect, test } from '@jest/globals';
import { dockerStatements } from '../../../functions/domain/template/docker-socket.ts';
import { taskDefinition } from '../../../functions/domain/template/task-definition.ts';
import { sampleRuntime } from '../../support/sample-configuration.ts';
import { only, sampleBuild } from '../../support/sample-place.ts';

const containers = [
  { name: 'web', imageUrl: 'a:1' },
  { name: 'builder', imageUrl: 'b:1', mountDockerSocket: true },
];
const place = sampleBuild({ application: { runtimes: [sampleRuntime({ containers })] } });
const runtime = only(place.application.runtimes);

test("O15: the container that asks for it finds the instance's socket, and no other does", () => {
  const [resource] = Object.values(taskDefinition(runtime, place));
  expect(resource?.Properties).toMatchObject({
    ContainerDefinitions: [
      expect.not.objectContaining({ MountPoints: expect.anything() }),
      { MountPoints: [{ SourceVolume: 'docker-socket', ContainerPath: '/var/run/docker.sock' }] },
    ],
    Volumes: [{ Name: 'docker-socket', Host: { SourcePath: '/var/run/docker.sock' } }],
  });
});

test('O15: its role may pull images of the account, and only the token has no narrower resource', () => {
  const statements = dockerStatements(runtime);
  expect(statements.filter(({ resources }) => resources.includes('*'))).toEqual([
    { policy: 'ecr-pull', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
  ]);
  expect(statements.flatMap(({ actions }) => actions)).toEqual([
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
  ]);
  expect(dockerStatements(only(sampleBuild().application.runtimes))).toEqual([]);
});
