import { setTimeout as sleep } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { messageOf } from '../message-of.ts';
import type { Answer } from '../view/end-lines.ts';

const PATIENCE_MILLIS = 5_000;
const LOOK_MILLIS = 250;

/** What a service says at its front door: the status line, and the first line of the body. */
export const askService = async (url: string): Promise<Answer> => ({ url, said: (await asked(url)).said });

/** The same for one that may still be starting: asks again until it has an answer of its own, at most so long. */
export const awaitService = async (url: string, patienceMillis: number): Promise<Answer> => {
  for (const deadline = Date.now() + patienceMillis; ; await sleep(LOOK_MILLIS)) {
    const { said, isOwn } = await asked(url);
    if (isOwn || Date.now() > deadline) return { url, said };
  }
};

const asked = async (url: string): Promise<{ readonly said: string; readonly isOwn: boolean }> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MILLIS), redirect: 'manual' });
    const { status, statusText } = response;
    const [first = ''] = (await response.text()).split('\n');
    // 502, 503 and 504 are the balancer's: nothing healthy is behind it.
    return { said: `${status} ${statusText}${first ? `: ${first}` : ''}`, isOwn: status < 502 || status > 504 };
  } catch (error) {
    // fetch itself only says that it failed.
    const why = messageOf(isNativeError(error) && error.cause ? error.cause : error);
    return { said: `nothing (${why})`, isOwn: false };
  }
};
