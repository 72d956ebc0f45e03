import type { Deployment } from '../functions/domain/deployment/deployment.ts';
import { liveRegion } from './live-region.ts';
import type { Output } from './output.ts';
import { changeLines } from './view/change-lines.ts';
import { deploymentLines, type Shown } from './view/deployment-lines.ts';
import { wrap } from './view/wrap.ts';

/** Shows deployments while they run: drawn again in place on a terminal, a line per change elsewhere. */
export interface Show {
  /** All that run now, the oldest first. */
  update(running: readonly Shown[]): void;
  /** How one ended: its last state, then what there is to say of it. */
  end(ended: Shown, lines: readonly string[]): void;
  note(lines: readonly string[]): void;
  /** Draws times again; nothing is read. */
  tick(): void;
}

export const showOn = (output: Output): Show => (output.screen ? onScreen(output, output.screen) : asLines(output));

const onScreen = ({ paint }: Output, screen: NonNullable<Output['screen']>): Show => {
  const region = liveRegion(screen);
  let running: readonly Shown[] = [];
  const wrapped = (lines: readonly string[]) => lines.flatMap((line) => wrap(line, screen.columns() - 1));
  const linesOf = (shown: Shown) => ['', ...deploymentLines(shown, Date.now(), paint)];
  const draw = () => region.show(wrapped(running.flatMap(linesOf)));
  return {
    update: (shown) => {
      running = shown;
      draw();
    },
    end: (shown, lines) => {
      running = running.filter(({ deployment }) => deployment.id !== shown.deployment.id);
      region.show([]);
      region.print(wrapped([...linesOf(shown), '', ...lines]));
      draw();
    },
    note: (lines) => region.print(wrapped(lines)),
    tick: () => {
      if (running.length > 0) draw();
    },
  };
};

const asLines = ({ line }: Output): Show => {
  const seen = new Map<string, Deployment>();
  const changes = ({ deployment, subject, explanation }: Shown) => {
    const before = seen.get(deployment.id);
    seen.set(deployment.id, deployment);
    const lines = changeLines(before, deployment, explanation);
    return before || !subject ? lines : [`${lines[0]?.split(':')[0]}: "${subject}" by ${deployment.actor}`, ...lines];
  };
  return {
    update: (shown) => shown.flatMap(changes).forEach(line),
    end: (shown, lines) => {
      [...changes(shown), ...lines].forEach(line);
      seen.delete(shown.deployment.id);
    },
    note: (lines) => lines.forEach(line),
    tick: () => {},
  };
};
