import { isEnded } from './deployment/deployment.ts';
import { deploymentStatuses, deploymentTransitions } from './deployment/transitions.ts';
import { stackTransitions } from './stack/transitions.ts';
import type { Target, Transitions } from './transitions.ts';

/** The stack's table as a mermaid `stateDiagram-v2`. */
export const stackDiagram = (): string =>
  diagramFrom(stackTransitions, { automatic: ['STABLE'], failed: ['BROKEN'], ends: [] });

/** The deployment's table as a mermaid `stateDiagram-v2`. */
export const deploymentDiagram = (): string =>
  diagramFrom(deploymentTransitions, {
    automatic: ['TRIGGERED'],
    failed: ['FAILED', 'TERMINATED'],
    ends: deploymentStatuses.filter(isEnded),
  });

interface Look {
  /** Left without anybody's doing. */
  readonly automatic: readonly string[];
  readonly failed: readonly string[];
  readonly ends: readonly string[];
}

const diagramFrom = (table: Transitions<string, string>, { automatic, failed, ends }: Look): string => {
  const arrows = Object.entries(table).flatMap(([from, row]) =>
    isChoice(from, row, automatic) ? choiceFrom(from, row) : arrowsFrom(from, row),
  );
  const lines = [
    'classDef auto fill:#022,stroke-dasharray:4',
    'classDef failed stroke:red,fill:#300',
    ...arrows,
    ...ends.map((end) => `${end} --> [*]`),
    ...automatic.map((status) => `class ${status} auto`),
    ...failed.map((status) => `class ${status} failed`),
  ];
  return ['stateDiagram-v2', ...lines.map((line) => `    ${line}`)].join('\n');
};

type Row = Readonly<Partial<Record<string, Target<string>>>>;

/** An automatic status that several cases lead out of is drawn with a choice behind it. */
const isChoice = (from: string, row: Row, automatic: readonly string[]): boolean =>
  automatic.includes(from) && Object.values(row).some((target) => typeof target === 'object');

const choiceFrom = (from: string, row: Row): readonly string[] => {
  const choice = from.toLowerCase();
  const cases = Object.values(row).flatMap((target = {}) => (typeof target === 'string' ? [] : Object.entries(target)));
  return [
    `state ${choice} <<choice>>`,
    `${from} --> ${choice}`,
    ...cases.map(([name, to]) => `${choice} --> ${to} : ${words(name)}`),
  ];
};

/** One arrow per target; what leads to the same one stands on it line by line. */
const arrowsFrom = (from: string, row: Row): readonly string[] => {
  const labels = new Map<string, string[]>();
  for (const [event, target] of Object.entries(row))
    for (const [to, label] of labelled(event, target)) labels.set(to, [...(labels.get(to) ?? []), label]);
  const start = from === 'NONE' ? '[*]' : from;
  return [...labels].map(([to, events]) => `${start} --> ${to} : ${events.join('<br>')}`);
};

const labelled = (event: string, target: Target<string> | undefined): readonly (readonly [string, string])[] => {
  if (target === undefined) return [];
  if (typeof target === 'string') return [[target, event]];
  return Object.entries(target).map(([name, to]) => [to, `${event} (${words(name)})`]);
};

/** `popsFromQueue` -> `pops from queue`. */
const words = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
