import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../../../functions/runtime/world.ts';
import type { Clock } from '../../../infra/local/clock.ts';
import type { Handler, Handlers } from '../../../infra/local/lambda/in-process.ts';
import { ROOT } from '../../local/synthesise.ts';
import type { RecordedInvocation } from './recording.ts';

const FOLDER = join(ROOT, 'functions/handlers');

type Exported = Handler & { readonly in?: (world: World) => Handler };

export interface HandlersHere {
  readonly clock: Clock;
  readonly onInvocation: (invocation: RecordedInvocation) => void;
  /** Whether the host of this function dies now, when its work is done and before its answer is out. */
  readonly dies: (word: string) => boolean;
}

/** Slipway's handlers in this process, by a clock that is handed in; every call of AWS carries the word of its function. */
export const handlersHere = async ({ clock, onInvocation, dies }: HandlersHere): Promise<Handlers> => {
  const words = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ''));
  const exported = await Promise.all(
    words.map(async (word) => [word, (await import(join(FOLDER, `${word}.ts`))).handler as Exported] as const),
  );
  const handlers = new Map(exported);
  return (functionName, environment) => {
    const word = environment['_HANDLER']?.split('.')[0] ?? '';
    const handler = handlers.get(word);
    if (!handler) throw new Error(`${functionName} has the handler ${word}, which functions/handlers has not`);
    const inWorld = handler.in?.(worldOf(word, environment, clock)) ?? handler;
    return async (event, context) => {
      const fromMillis = clock.now();
      try {
        const answer = await inWorld(event, context);
        if (dies(word)) throw Object.assign(new Error('Runtime exited'), { name: 'Runtime.ExitError' });
        return answer;
      } finally {
        onInvocation({ word, fromMillis, toMillis: clock.now() });
      }
    };
  };
};

const worldOf = (word: string, environment: Readonly<Record<string, string>>, clock: Clock): World => {
  const aws = {
    region: environment['AWS_REGION'] ?? '',
    endpoint: environment['AWS_ENDPOINT_URL'] ?? '',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
      sessionToken: environment['AWS_SESSION_TOKEN'] ?? '',
    },
    userAgentAppId: word,
  };
  const sleep = (millis: number) => new Promise<void>((resolve) => void clock.after(millis, resolve));
  return { environment, aws, clock: { now: () => new Date(clock.now()), sleep } };
};
