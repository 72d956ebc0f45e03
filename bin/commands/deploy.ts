import { randomUUID } from 'node:crypto';
import { CANCEL_UPDATES, chooseStrategy, type Strategy, strategies } from '../../functions/domain/plan/strategy.ts';
import { actorOf, actorOption } from '../actor.ts';
import type { OptionSpec } from '../arguments.ts';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { connect, connectionOptions } from '../connection.ts';
import { followDeployment } from '../follow-deployment.ts';
import { sourceOf, startRequest } from '../manual-request.ts';
import type { OperatorPorts } from '../operator.ts';
import type { Output } from '../output.ts';
import { type RequestEnd, requestEnd } from '../request-end.ts';
import { sourceOptions } from '../source.ts';
import { acceptedLines } from '../view/accepted-lines.ts';
import { CALL } from '../view/names.ts';
import { isDeployed } from '../view/request-outcome.ts';
import { viewOf } from '../view-of.ts';

/** A commit is read and a release built in seconds; an image is waited for only by who says --wait. */
const PATIENCE_SECONDS = 300;
/** As long as the request's own wait for images, and what comes before and after. */
const LONGEST_PATIENCE_SECONDS = 75 * 60;

const strategyOptions = {
  full: { says: 'evaluated first, also where the application asks for quick' },
  quick: { says: 'release and migrations at once, without an evaluation' },
  'infra-only': { says: 'only what can be added or changed beside what serves' },
  'db-only': { says: 'only the databases and their migrations' },
  import: { says: 'takes resources that exist already into a stack that is new' },
  'destroy-database': { says: 'takes the databases away with all their data; needs --confirm' },
  'recreate-database': { says: 'the same, then makes them anew; needs --confirm' },
  'rotate-credentials': { says: 'new logins of the databases, and services that use them' },
  [CANCEL_UPDATES]: { says: 'cancels an update of the stack that is under way, instead of waiting for it' },
} as const satisfies Readonly<Record<Strategy | typeof CANCEL_UPDATES, OptionSpec>>;

/** Asks for a deployment by hand. */
export const deploy: Command = {
  name: 'deploy',
  says: 'asks for a deployment: of a branch, a commit or a file, by one of the strategies',
  operands: ['ENVIRONMENT'],
  options: {
    ...sourceOptions,
    ...strategyOptions,
    confirm: { value: 'STACK', says: 'name of the stack whose data you agree to lose' },
    id: { value: 'KEY', says: 'your own key of this request: asked again under it, nothing happens twice' },
    wait: { says: 'shows the steps until it has ended; ends with 1 unless it is DONE' },
    actor: actorOption,
    ...connectionOptions,
  },
  run: async ({ operands: [environment = ''], values, switches }, output) => {
    const strategy = wordsOf(switches);
    const { ports } = await connect(values);
    const source = await sourceOf(ports, environment, values);
    const { id = randomUUID(), confirm } = values;
    const arn = await startRequest(ports, {
      ...source,
      id,
      ...(strategy.length > 0 && { strategy }),
      ...(confirm !== undefined && { confirm }),
      actor: actorOf(values),
    });
    output.aside(`Asked for as ${id}: the commit is read and the release built.`);
    const wait = switches.has('wait');
    const seconds = wait ? LONGEST_PATIENCE_SECONDS : PATIENCE_SECONDS;
    const end = await requestEnd(ports, { arn, id }, { seconds, forImages: wait, tell: output.aside });
    return told(ports, end, output, wait);
  },
};

/** Refused here, before anything is started. */
const wordsOf = (switches: ReadonlySet<string>): readonly string[] => {
  const words = [...strategies, CANCEL_UPDATES].filter((word) => switches.has(word));
  const chosen = chooseStrategy(words);
  if (chosen.kind === 'conflict') throw new Complaint(`${chosen.reason}. Nothing was started.`);
  return words;
};

const told = async (ports: OperatorPorts, end: RequestEnd, output: Output, wait: boolean): Promise<number> => {
  if (end.kind === 'waits') {
    output.line(`It waits for ${end.images.join(', ')}, and goes on by itself: ${CALL} status`);
    return 0;
  }
  const { answer } = end;
  const { outcome, reason, deploymentId, stackName } = answer;
  if (!isDeployed(answer) || !deploymentId || !stackName) {
    const [what = '', ...places] = reason.split('\n');
    output.line(`${output.paint('bad', '✘')} Not deployed (${outcome}): ${what}`);
    for (const place of places) output.line(`  ${place}`);
    return 1;
  }
  if (wait) return (await followDeployment(ports, { id: deploymentId, stackName }, output)) ? 0 : 1;
  const deployment = await ports.deployments.find(deploymentId);
  const stack = await ports.stacks.find(stackName);
  if (!deployment || !stack) throw new Error(`The records of ${deploymentId} are gone`);
  const view = await viewOf(ports, stack);
  for (const line of acceptedLines(deployment, view, ports.clock.now().getTime(), output.paint)) output.line(line);
  return 0;
};
