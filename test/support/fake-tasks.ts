import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import type { EcsTask, SqlRunner, TaskRunner } from '../../functions/ports.ts';

/** How a migration task comes to its end. */
export type Fate = 'applies' | 'fails' | 'lock-timeout' | 'host-gone' | 'unreached';

interface FakeTask {
  readonly arn: string;
  readonly token: string;
  readonly family: string;
  readonly container: string;
  readonly beside: string | undefined;
  readonly image: string;
  readonly startedAt: number;
  status: 'RUNNING' | 'STOPPED';
  /** Set by StopTask, or by whoever ended its session. */
  stopped?: 'stopped' | 'terminated';
  exitCode?: number;
  stopCode?: string;
  log: readonly string[];
}

export interface FakeTasks {
  readonly port: TaskRunner;
  /** The database that the tasks migrate. */
  readonly sql: SqlRunner;
  readonly applied: readonly string[];
  /** Brings one task that runs to its end. */
  underWay(): readonly (() => void)[];
  running(): readonly string[];
}

export interface FakeTasksOptions {
  readonly emit: (event: AwsEvent) => void;
  /** Migrations that an image brings, in order. */
  readonly migrationsOf: (image: string) => readonly string[];
  readonly fate?: (image: string) => Fate;
  /** Called at the moment a task begins, before anything else may happen. */
  readonly onBegin?: (token: string) => void;
  /** In milliseconds. */
  readonly now?: () => number;
}

/** ECS and one database in memory: a task begins once per token; what it applies is one transaction, made when it ends. */
export const fakeTasks = (options: FakeTasksOptions): FakeTasks => {
  const { emit, migrationsOf, fate = () => 'applies', onBegin = () => {}, now = () => 0 } = options;
  const tasks: FakeTask[] = [];
  const applied: string[] = [];

  const end = (task: FakeTask) => {
    task.status = 'STOPPED';
    Object.assign(task, endOf(task, task.stopped ?? fate(task.image)));
    if (task.exitCode === 0) applied.push(...migrationsOf(task.image).filter((id) => !applied.includes(id)));
    const detail = { lastStatus: 'STOPPED', startedBy: task.token, group: `family:${task.family}` };
    emit({ source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail });
  };
  const running = () => tasks.filter(({ status }) => status === 'RUNNING');

  const port: TaskRunner = {
    run: async ({ token, taskDefinition: { family, container, beside, image } }) => {
      const known = tasks.find((task) => task.token === token);
      if (known) return { kind: 'started', taskArn: known.arn };
      onBegin(token);
      const arn = `task/${tasks.length + 1}`;
      tasks.push({
        arn,
        token,
        family,
        container,
        beside: beside?.name,
        image,
        startedAt: now(),
        status: 'RUNNING',
        log: [],
      });
      return { kind: 'started', taskArn: arn };
    },
    startedBy: async (token) => tasks.filter((task) => task.token === token).map(shown),
    stop: async (arn) => {
      const task = tasks.find((one) => one.arn === arn);
      if (task?.status === 'RUNNING') task.stopped = 'stopped';
    },
    leaving: async () => [],
    stoppedOf: async () => [],
    steady: async () => true,
    desiredCounts: async () => ({}),
    rollouts: async () => [],
    restart: async () => undefined,
    logTail: async (_place, arn) => tasks.find((task) => task.arn === arn)?.log ?? [],
  };
  const sql: SqlRunner = {
    run: async (_connection, statements) => {
      for (const { text, values = [] } of statements)
        if (text.includes('pg_terminate_backend'))
          for (const task of running())
            if (now() - task.startedAt >= Number(values[2] ?? 0)) task.stopped ??= 'terminated';
      const rowsOf = (text: string) =>
        text.includes('schema_migrations') ? applied.map((version) => ({ version, dirty: false })) : [];
      return { kind: 'rows', results: statements.map(({ text }) => rowsOf(text)) };
    },
  };
  return {
    port,
    sql,
    applied,
    underWay: () => running().map((task) => () => end(task)),
    running: () => running().map(({ token }) => token),
  };
};

const endOf = (task: FakeTask, how: Fate | NonNullable<FakeTask['stopped']>): Partial<FakeTask> => {
  switch (how) {
    case 'applies':
      return { exitCode: 0, stopCode: 'EssentialContainerExited', log: [`Applied: ${task.image}`] };
    case 'fails':
    case 'terminated':
      return { exitCode: 1, stopCode: 'EssentialContainerExited', log: ['Error: pq: syntax error'] };
    case 'lock-timeout':
      return {
        exitCode: 1,
        stopCode: 'EssentialContainerExited',
        log: ['Error: canceling statement due to lock timeout'],
      };
    case 'unreached':
      return {
        exitCode: 1,
        stopCode: 'EssentialContainerExited',
        log: ['Error: dial unix /sockets/postgres/.s.PGSQL.5432: connect: no such file or directory'],
      };
    case 'host-gone':
      return { stopCode: 'TerminationNotice' };
    case 'stopped':
      return { exitCode: 143, stopCode: 'UserInitiated' };
  }
};

const shown = ({ arn, status, stopCode, container, beside, exitCode }: FakeTask): EcsTask => ({
  arn,
  stopped: status === 'STOPPED',
  ...(stopCode && { stopCode }),
  containers: [
    { name: container, ...(exitCode !== undefined && { exitCode }) },
    ...(beside ? [{ name: beside, exitCode: 0 }] : []),
  ],
});
