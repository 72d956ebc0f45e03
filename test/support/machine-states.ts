import type { Branch, Machine, State } from '../../statemachines/define.ts';
import { deployment } from '../../statemachines/deployment.asl.ts';
import { request } from '../../statemachines/request.asl.ts';

export const machines: Readonly<Record<string, Machine>> = { deployment, request };

/** A state with the names of the Parallels and Maps that it stands in, outermost first. */
export interface NamedState {
  readonly name: string;
  readonly state: State<string>;
  readonly within: readonly string[];
}

/** Every state of a machine, those of branches and iterations included, in the order of the text. */
export const statesOf = (machine: Pick<Machine, 'States'>, within: readonly string[] = []): readonly NamedState[] =>
  Object.entries<State<string>>(machine.States).flatMap(([name, state]) => [
    { name, state, within },
    ...branchesOf(state).flatMap((branch) => statesOf(branch, [...within, name])),
  ]);

export const branchesOf = (state: State<string>): readonly Branch[] => {
  switch (state.Type) {
    case 'Parallel':
      return state.Branches;
    case 'Map':
      return [state.ItemProcessor];
    default:
      return [];
  }
};

/** `ScaleDown` of a Task whose function is `${ScaleDown}`; undefined for other states. */
export const calledBy = (state: State<string>): string | undefined =>
  state.Type === 'Task' ? /^\$\{(\w+)\}$/.exec(String(state.Parameters['FunctionName']))?.[1] : undefined;

/** Function's ARN for `${Name}`, as the template has it once it is deployed. */
export const deployed = (machine: Machine): Machine =>
  JSON.parse(
    JSON.stringify(machine).replaceAll(/\$\{(\w+)\}/g, 'arn:aws:lambda:eu-west-1:123456789012:function:$1'),
  ) as Machine;
