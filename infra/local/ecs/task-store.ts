import type { World } from '../part.ts';
import type { EcsArns } from './ecs-arns.ts';
import type { ContainerRecord, StopCode, TaskRecord, TaskStatus } from './ecs-records.ts';
import { type Holder, LifeOver } from './holder.ts';
import { taskEvent } from './task-views.ts';

/** AWS shows a stopped task for an hour; here it also stays, unseen, as long as a client token may name it: a day. */
export const SHOWN_MILLIS = 3_600_000;
const KEPT_MILLIS = 24 * SHOWN_MILLIS;

export interface WhyStopped {
  readonly code: StopCode;
  readonly reason: string;
}

type Changes = Partial<Omit<TaskRecord, 'id' | 'arn' | 'version' | 'lastStatus'>>;

/** Tasks and their statuses: each move is on disk before its event leaves. */
export const taskStore = (world: World, arns: EcsArns, holder: Holder) => {
  const table = world.store.remembered<TaskRecord>('ecs.tasks');
  const listeners = new Set<(task: TaskRecord) => void>();
  const all = () => table.list().map(({ value }) => value);
  const find = (arn: string) => table.get(keyOf(arn));
  const get = (arn: string): TaskRecord => {
    const task = find(arn);
    if (!task) throw new Error(`the task ${arn} is not in the store`);
    return task;
  };
  const isShown = ({ stoppedAtMillis = Number.POSITIVE_INFINITY }: TaskRecord) =>
    stoppedAtMillis + SHOWN_MILLIS > world.clock.now();
  const put = (task: TaskRecord): TaskRecord => {
    if (!holder.holds()) throw new LifeOver('another life of the cloud holds the store');
    table.put(keyOf(task.arn), task);
    return task;
  };
  const tell = (task: TaskRecord) => {
    world.emit(taskEvent(arns, task));
    for (const listen of listeners) listen(task);
  };
  const change = (arn: string, changes: Changes): TaskRecord => {
    const task = get(arn);
    return put({ ...task, ...changes, version: task.version + 1 });
  };

  return {
    all,
    find,
    get,
    change,
    add: (task: TaskRecord): void => {
      for (const old of all())
        if (old.stoppedAtMillis !== undefined && old.stoppedAtMillis + KEPT_MILLIS < world.clock.now())
          table.delete(keyOf(old.arn));
      tell(put(task));
    },
    /** What ListTasks shows. */
    shown: (): TaskRecord[] => all().filter(isShown),
    /** What DescribeTasks shows of one. */
    findShown: (arn: string): TaskRecord | undefined => {
      const task = find(arn);
      return task && isShown(task) ? task : undefined;
    },
    move: (arn: string, lastStatus: TaskStatus, changes: Changes = {}): TaskRecord => {
      const task = get(arn);
      const moved = put({ ...task, ...changes, lastStatus, version: task.version + 1 });
      tell(moved);
      return moved;
    },
    changeContainer: (arn: string, name: string, changes: Partial<ContainerRecord>): TaskRecord =>
      change(arn, {
        containers: get(arn).containers.map((one) => (one.name === name ? { ...one, ...changes } : one)),
      }),
    /** Says that the task shall stop; the first reason stays. */
    ask: (arn: string, { code, reason }: WhyStopped): TaskRecord => {
      const task = get(arn);
      if (task.desiredStatus === 'STOPPED') return task;
      const stoppingAtMillis = world.clock.now();
      return change(arn, { desiredStatus: 'STOPPED', stopCode: code, stoppedReason: reason, stoppingAtMillis });
    },
    onMove: (listener: (task: TaskRecord) => void): void => {
      listeners.add(listener);
    },
  };
};

export type TaskStore = ReturnType<typeof taskStore>;

const keyOf = (arn: string) => arn.slice(arn.indexOf('/') + 1);
