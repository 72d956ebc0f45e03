import { randomUUID } from 'node:crypto';
import type { Preview } from '../../functions/domain/plan/preview.ts';
import { flowGraph, flowMermaid, flowWords } from '../../statemachines/flow-graph.ts';
import { actorOf, actorOption } from '../actor.ts';
import type { Command } from '../command.ts';
import { connect, connectionOptions } from '../connection.ts';
import { sourceOf, startRequest } from '../manual-request.ts';
import type { OperatorPorts } from '../operator.ts';
import type { Output } from '../output.ts';
import { previewFlow } from '../preview-flow.ts';
import { requestEnd } from '../request-end.ts';
import { sourceOptions } from '../source.ts';
import { previewLines } from '../view/preview-lines.ts';
import type { RequestAnswer } from '../view/request-outcome.ts';

/** A change set takes seconds, and a function that is asked for too much is called again within half a minute. */
const PATIENCE_SECONDS = 300;

/** Shows what a deployment would do, worked out by the server. */
export const plan: Command = {
  name: 'plan',
  says: 'shows what a deployment would do now, and why; nothing is queued, nothing is changed',
  operands: ['ENVIRONMENT'],
  options: {
    ...sourceOptions,
    json: { says: 'the plan with its steps and their edges, as JSON' },
    mermaid: { says: 'the graph of its steps too, as text that Mermaid draws' },
    actor: actorOption,
    ...connectionOptions,
  },
  run: async ({ operands: [environment = ''], values, switches }, output) => {
    const { ports } = await connect(values);
    const source = await sourceOf(ports, environment, values);
    const id = `plan-${randomUUID()}`;
    const arn = await startRequest(ports, { ...source, id, preview: true, actor: actorOf(values) });
    output.aside(`Waiting for the plan of ${environment}: the commit is read, a change set made, the databases asked.`);
    const end = await requestEnd(
      ports,
      { arn, id },
      { seconds: PATIENCE_SECONDS, forImages: true, tell: output.aside },
    );
    if (end.kind === 'waits') return 1;
    return shown(ports, end.answer, output, switches);
  },
};

const shown = async (
  { documents }: OperatorPorts,
  answer: RequestAnswer,
  output: Output,
  switches: ReadonlySet<string>,
): Promise<number> => {
  const preview = answer.preview === undefined ? undefined : await documents.find<Preview>(answer.preview);
  if (!preview) return refused(answer, output, switches);
  const flow = previewFlow(preview);
  const asJson = () => JSON.stringify({ outcome: answer.outcome, ...preview, graph: flowGraph(flow) }, undefined, 2);
  if (switches.has('json')) output.line(asJson());
  else for (const line of previewLines(preview, flowWords(flow), output.paint)) output.line(line);
  if (switches.has('mermaid') && !switches.has('json')) for (const line of ['', flowMermaid(flow)]) output.line(line);
  return preview.evaluation.outcome === 'planned' ? 0 : 1;
};

/** Before there was anything to plan. */
const refused = ({ outcome, reason }: RequestAnswer, output: Output, switches: ReadonlySet<string>): number => {
  if (switches.has('json')) output.line(JSON.stringify({ outcome, reason }, undefined, 2));
  else {
    const [what = '', ...places] = reason.split('\n');
    output.line(`${output.paint('bad', '✘')} There is no plan (${outcome}): ${what}`);
    for (const place of places) output.line(`  ${place}`);
    output.line('Nothing was queued, nothing was changed.');
  }
  return 1;
};
