import type { Stack } from '../../functions/domain/stack/stack.ts';
import { releaseNames, type WorkingClone } from './working-clone.ts';

export type FirstPush =
  | { readonly kind: 'pushed'; readonly commit: string }
  /** Nothing was pushed: these serve a release. */
  | { readonly kind: 'serving'; readonly stacks: readonly Stack[] }
  /** Nothing was pushed: everything had been, and either it is still under way or it did not go well. */
  | { readonly kind: 'pushed before'; readonly commit: string };

/** Pushes the example's first release, once in the life of a state folder; a push that was cut short is made good. */
export const firstPush = async (clone: WorkingClone, stacks: readonly Stack[]): Promise<FirstPush> => {
  const serving = stacks.filter(({ release }) => release !== undefined);
  if (serving.length > 0) return { kind: 'serving', stacks: serving };
  const commits = await clone.git('rev-list', '--all', '--max-count=1');
  if (commits === '') return { kind: 'pushed', commit: await clone.pushRelease(releaseNames()[0] ?? '') };
  const head = await clone.git('rev-parse', 'HEAD');
  const pushed = await clone.git('ls-remote', 'origin', 'refs/heads/main');
  if (pushed.startsWith(head)) return { kind: 'pushed before', commit: head };
  return { kind: 'pushed', commit: await clone.push() };
};
