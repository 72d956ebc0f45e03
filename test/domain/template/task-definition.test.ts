import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { findCycle } from '../../../functions/domain/template/find-cycle.ts';
import { inputOf, randomCases } from '../../support/random-application.ts';

interface Task {
  readonly NetworkMode: string;
  readonly Cpu?: string;
  readonly Memory?: string;
  readonly Volumes?: readonly { readonly Name: string }[];
  readonly ContainerDefinitions: readonly {
    readonly Name: string;
    readonly Cpu: number;
    readonly Memory?: number;
    readonly MemoryReservation?: number;
    readonly Links?: readonly string[];
    readonly PortMappings?: readonly { readonly ContainerPort: number; readonly HostPort: number }[];
    readonly MountPoints?: readonly { readonly SourceVolume: string }[];
  }[];
}

const always = (mode: string, rule: (task: Task) => void) => {
  let seen = 0;
  fc.assert(
    fc.property(randomCases, (one) => {
      const { Resources } = buildTemplate(inputOf(one)).template;
      const tasks = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
      for (const { Properties } of tasks) {
        const task = Properties as unknown as Task;
        if (task.NetworkMode !== mode) continue;
        seen += 1;
        rule(task);
      }
    }),
    { numRuns: 150 },
  );
  expect(seen).toBeGreaterThan(0);
};

test('on a bridge, links lead to containers of the task and never in a circle, and every host port is free', () => {
  always('bridge', ({ ContainerDefinitions, Cpu }) => {
    const references = ContainerDefinitions.map(({ Name, Links = [] }) => [
      Name,
      { Type: 'container', DependsOn: Links.map((link) => link.split(':')[0]) },
    ]);
    expect(findCycle(Object.fromEntries(references))).toBeUndefined();
    const names = ContainerDefinitions.map(({ Name }) => `${Name}:${Name}`);
    for (const { Links = [], PortMappings = [] } of ContainerDefinitions) {
      expect(names).toEqual(expect.arrayContaining([...Links]));
      expect(PortMappings.every(({ HostPort }) => HostPort === 0)).toBe(true);
    }
    expect(Cpu).toBeUndefined();
  });
});

test('on Fargate, every port has one listener, nothing is linked, and the task has room for its containers', () => {
  always('awsvpc', ({ ContainerDefinitions, Cpu, Memory }) => {
    const ports = ContainerDefinitions.flatMap(({ PortMappings = [] }) => PortMappings);
    expect(new Set(ports.map(({ HostPort }) => HostPort)).size).toBe(ports.length);
    expect(ports.every(({ ContainerPort, HostPort }) => ContainerPort === HostPort)).toBe(true);
    expect(ContainerDefinitions.flatMap(({ Links = [] }) => Links)).toEqual([]);
    const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0);
    expect(Number(Cpu)).toBeGreaterThanOrEqual(sum(ContainerDefinitions.map((one) => one.Cpu)));
    expect(Number(Memory)).toBeGreaterThanOrEqual(
      sum(ContainerDefinitions.map((one) => one.Memory ?? one.MemoryReservation ?? 0)),
    );
  });
});

test('what a container mounts is a volume of its task, and every volume is mounted', () => {
  always('bridge', ({ ContainerDefinitions, Volumes = [] }) => {
    const mounted = ContainerDefinitions.flatMap(({ MountPoints = [] }) => MountPoints);
    expect(new Set(mounted.map(({ SourceVolume }) => SourceVolume))).toEqual(new Set(Volumes.map(({ Name }) => Name)));
  });
});
