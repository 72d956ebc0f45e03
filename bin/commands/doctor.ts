import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { nearest } from '../../functions/domain/configuration/nearest.ts';
import type { ClusterSite, Stage } from '../../infra/aws/stage.ts';
import { stages } from '../../infra/aws/stages.ts';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { connectionOptions, stageMeant } from '../connection.ts';
import { accountsOf } from '../doctor/account.ts';
import { checksBefore, checksOfSlipway, type Patient } from '../doctor/checks.ts';
import { findControlPlane } from '../doctor/control-plane.ts';
import type { Check } from '../doctor/diagnosis.ts';
import { examine } from '../doctor/examine.ts';
import { findEndpoint } from '../local/endpoint-file.ts';
import { ROOT } from '../local/synthesise.ts';
import { stageNamed } from '../stage-named.ts';
import { CALL } from '../view/names.ts';

/** Looks for everything that a Slipway needs. */
export const doctor: Command = {
  name: 'doctor',
  says: 'says what is missing in the accounts of a stage, before and after a deploy, each with its remedy',
  operands: [],
  options: {
    environment: { value: 'NAME', says: 'looks at the cluster of this environment only' },
    directory: connectionOptions.directory,
    stage: connectionOptions.stage,
  },
  run: async ({ values }, output) => {
    const name = stageMeant(values);
    const environment = values['environment'];
    const directory = values['directory'] ? resolve(values['directory']) : join(ROOT, '.slipway');
    const checks = name === undefined ? ofThisMachine(directory, environment) : ofStage(name, environment);
    return (await examine(checks, output)) > 0 ? 1 : 0;
  },
};

const ofStage = (name: string, environment: string | undefined): readonly Check[] => {
  const stage = stageNamed(name);
  const settingsOf = accountsOf(stage);
  const patient: Patient = {
    stage,
    sites: sitesOf(stage, environment),
    environment,
    settingsOf,
    control: findControlPlane(settingsOf(stage), { call: (words) => `${CALL} ${words} --stage ${name}` }),
    deploy: `Run npm run deploy -- --stage ${name}`,
    wait: eventWait,
  };
  return [...checksBefore(patient), ...checksOfSlipway(patient)];
};

/** `npm start` deploys by itself: what CDK would need is not looked for. */
const ofThisMachine = (directory: string, environment: string | undefined): readonly Check[] => {
  const found = findEndpoint(directory);
  if (!found)
    throw new Complaint(
      `No Slipway runs on ${directory}. Run npm start here, or name a stage with --stage; known: ${Object.keys(stages).join(', ')}.`,
    );
  const { endpoint, region, gitHubApiUrl } = found;
  const credentials = async () => ({ accessKeyId: 'operator', secretAccessKey: 'operator' });
  const stage = stageNamed('example');
  const settingsOf = () => ({ endpoint, region, credentials });
  return checksOfSlipway({
    stage,
    sites: sitesOf(stage, environment),
    environment,
    settingsOf,
    control: findControlPlane(settingsOf(), {
      call: (words) => `${CALL} ${words} --directory ${directory}`,
      environment: { GITHUB_API_URL: gitHubApiUrl },
    }),
    deploy: 'Run npm start',
    wait: eventWait,
  });
};

const eventWait = () => ({
  nonce: randomUUID(),
  sleep: (millis: number) => new Promise((done) => setTimeout(done, millis)),
});

/** The clusters that are meant. @throws Complaint when none holds the environment */
const sitesOf = ({ clusters }: Stage, environment: string | undefined): readonly ClusterSite[] => {
  if (environment === undefined) return clusters;
  const sites = clusters.filter(({ environments }) => environments.includes(environment));
  if (sites.length > 0) return sites;
  const known = clusters.flatMap(({ environments }) => environments);
  const close = nearest(environment, known);
  throw new Complaint(
    `No cluster of the stage holds the environment ${environment}${close ? `; did you mean ${close}?` : '.'} Known: ${known.join(', ')}.`,
  );
};
