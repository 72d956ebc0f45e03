import type { World } from '../part.ts';
import type { Target, TargetGroupRecord, TargetState } from './balancer-records.ts';
import { watchHealth } from './health-check.ts';

/** A registered target while the cloud runs. */
export interface LiveTarget extends Target {
  readonly state: TargetState;
  /** Counts a request in; the function it gives counts it out again. */
  enter(): () => void;
}

interface Member {
  readonly target: Target;
  state: TargetState;
  inFlight: number;
  health?: { stop(): void };
  /** Set while it drains: the whole of it, and what the last request calls on leaving. */
  drained?: Promise<void>;
  idle?: () => void;
}

export type HealthListener = (targetGroupArn: string, target: Target, state: TargetState) => void;

/** Which targets are registered, how they are, and how many requests each is serving. */
export const targetPool = (world: World, findGroup: (arn: string) => TargetGroupRecord | undefined) => {
  const groups = new Map<string, Map<string, Member>>();
  const turns = new Map<string, number>();
  const listeners = new Set<HealthListener>();
  const membersOf = (arn: string) => groups.get(arn) ?? new Map<string, Member>();

  const tell = (arn: string, member: Member, state: TargetState) => {
    member.state = state;
    for (const listen of listeners) listen(arn, member.target, state);
  };

  const remove = (arn: string, member: Member) => {
    member.health?.stop();
    if (membersOf(arn).get(keyOf(member.target)) === member) groups.get(arn)?.delete(keyOf(member.target));
  };

  const register = (arn: string, target: Target) => {
    const known = membersOf(arn).get(keyOf(target));
    if (known && known.state !== 'draining') return;
    const member: Member = { target, state: 'initial', inFlight: 0 };
    groups.set(arn, membersOf(arn).set(keyOf(target), member));
    member.health = watchHealth({
      clock: world.clock,
      latency: world.latency('elasticloadbalancing.health-check'),
      target,
      settings: () => {
        const group = getGroup(findGroup, arn);
        return { ...group.healthCheck, grpc: group.protocolVersion === 'GRPC' };
      },
      onState: (state) => tell(arn, member, state),
    });
  };

  const drain = async (arn: string, member: Member): Promise<void> => {
    member.health?.stop();
    tell(arn, member, 'draining');
    if (member.inFlight > 0)
      await new Promise<void>((resolve) => {
        const delay = findGroup(arn)?.deregistrationDelaySeconds ?? 0;
        const timer = world.clock.after(delay * 1000, resolve);
        member.idle = () => {
          timer.cancel();
          resolve();
        };
      });
    remove(arn, member);
  };

  const deregister = async (arn: string, target: Target): Promise<void> => {
    const member = membersOf(arn).get(keyOf(target));
    if (!member) return;
    member.drained ??= drain(arn, member);
    await member.drained;
  };

  /** Healthy targets in turn. When none is healthy but some are unhealthy, those: a balancer of AWS fails open. */
  const pick = (arn: string): LiveTarget | undefined => {
    const members = [...membersOf(arn).values()];
    const healthy = members.filter(({ state }) => state === 'healthy');
    const usable = healthy.length ? healthy : members.filter(({ state }) => state === 'unhealthy');
    const turn = turns.get(arn) ?? 0;
    turns.set(arn, turn + 1);
    const member = usable[turn % usable.length];
    return member && { ...member.target, state: member.state, enter: () => enter(member) };
  };

  return {
    register,
    deregister,
    pick,
    listen: (listener: HealthListener) => {
      listeners.add(listener);
    },
    stateOf: (arn: string, target: Target): TargetState | undefined => membersOf(arn).get(keyOf(target))?.state,
    membersOf: (arn: string): readonly { readonly target: Target; readonly state: TargetState }[] => [
      ...membersOf(arn).values(),
    ],
    removeGroup: (arn: string) => {
      for (const member of membersOf(arn).values()) remove(arn, member);
      groups.delete(arn);
    },
    stop: () => {
      for (const members of groups.values()) for (const member of members.values()) member.health?.stop();
    },
  };
};

export type TargetPool = ReturnType<typeof targetPool>;

const keyOf = ({ id, port }: Target) => `${id}:${port}`;

const enter = (member: Member) => {
  member.inFlight += 1;
  return () => {
    member.inFlight -= 1;
    if (member.inFlight === 0) member.idle?.();
  };
};

const getGroup = (findGroup: (arn: string) => TargetGroupRecord | undefined, arn: string) => {
  const group = findGroup(arn);
  if (!group) throw new Error(`a target was registered in ${arn}, which does not exist`);
  return group;
};
