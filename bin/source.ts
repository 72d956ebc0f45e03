import { nearest } from '../functions/domain/configuration/nearest.ts';
import { matchingTargets } from '../functions/domain/push.ts';
import type { Repository, Target } from '../functions/ports.ts';

/** The options that say what is to be deployed. */
export const sourceOptions = {
  repository: { value: 'OWNER/NAME', says: 'the repository (the one that deploys there, when it is the only one)' },
  ref: { value: 'REF', says: 'its branch, or a whole ref such as refs/tags/v1 (the one branch that deploys there)' },
  commit: { value: 'SHA', says: 'one commit, by all of its 40 digits, instead of the head of a branch' },
  application: { value: 'PATH', says: 'the application file in the repository (as configured, or a known place)' },
  inline: { value: 'FILE', says: 'an application file on this machine, instead of one in a repository' },
} as const;

export interface GivenSource {
  readonly repository?: string | undefined;
  readonly ref?: string | undefined;
  readonly commit?: string | undefined;
  readonly application?: string | undefined;
}

export interface Source {
  readonly repository: string;
  readonly ref?: string;
  readonly commit?: string;
  readonly application?: string;
}

export type ChosenSource =
  | { readonly kind: 'chosen'; readonly source: Source }
  | { readonly kind: 'unclear'; readonly reason: string };

/** Fills in what was left out where the configuration leaves no choice; else says what there is to choose from. */
export const chooseSource = (
  repositories: readonly Repository[],
  environment: string,
  given: GivenSource,
): ChosenSource => {
  const repository = repositoryOf(repositories, environment, given.repository);
  if (typeof repository === 'string') return { kind: 'unclear', reason: repository };
  const targets = repository.targets.filter((target) => target.environment === environment);
  const ref = given.commit && !given.ref ? undefined : refOf(repository, targets, environment, given.ref);
  if (ref?.kind === 'unclear') return ref;
  const application = given.application ?? applicationOf(targets, ref?.name);
  return {
    kind: 'chosen',
    source: {
      repository: nameOf(repository),
      ...(ref && { ref: ref.name }),
      ...(given.commit && { commit: given.commit }),
      ...(application && { application }),
    },
  };
};

/** The repository, or why it is not clear which. */
const repositoryOf = (
  repositories: readonly Repository[],
  environment: string,
  given: string | undefined,
): Repository | string => {
  const names = repositories.map(nameOf).sort();
  const known = names.length === 0 ? 'None is configured yet.' : `Configured: ${names.join(', ')}.`;
  if (given !== undefined) {
    const close = nearest(given, names);
    const meant = close ? `; did you mean ${close}?` : '.';
    const found = repositories.find((each) => nameOf(each).toLowerCase() === given.toLowerCase());
    return found ?? `Repository ${given} is not configured${meant} ${known}`;
  }
  const fitting = repositories.filter(({ targets }) => targets.some((target) => target.environment === environment));
  const [only, other] = fitting;
  if (only && !other) return only;
  return only
    ? `Several repositories deploy to ${environment}: name one with --repository. ${fitting.map(nameOf).sort().join(', ')}.`
    : `No repository deploys to ${environment}: name one with --repository, or bring a file with --inline. ${known}`;
};

type Ref = { readonly kind: 'named'; readonly name: string } | Extract<ChosenSource, { kind: 'unclear' }>;

const refOf = (
  repository: Repository,
  targets: readonly Target[],
  environment: string,
  given: string | undefined,
): Ref => {
  if (given !== undefined) return { kind: 'named', name: given.startsWith('refs/') ? given : `refs/heads/${given}` };
  const patterns = [...new Set(targets.map(({ ref }) => ref))];
  const [only = '', other] = patterns;
  if (only !== '' && other === undefined && isPlain(only)) return { kind: 'named', name: only };
  const there = patterns.length > 0 ? `What deploys to ${environment}: ${patterns.join(', ')}.` : 'None deploys there.';
  return {
    kind: 'unclear',
    reason: `Name a branch of ${nameOf(repository)} with --ref, or a commit with --commit. ${there}`,
  };
};

/** No glob, and no list of them. */
const isPlain = (pattern: string): boolean => !/[*?+[\]!\\\s]/.test(pattern);

/** Where pushes of that ref, or all there are, agree on one file. */
const applicationOf = (targets: readonly Target[], ref: string | undefined): string | undefined => {
  const fitting = ref === undefined ? targets : matchingTargets(targets, ref);
  const [only, other] = new Set((fitting.length > 0 ? fitting : targets).map(({ application }) => application));
  return other === undefined ? only : undefined;
};

const nameOf = ({ owner, name }: Pick<Repository, 'owner' | 'name'>): string => `${owner}/${name}`;
