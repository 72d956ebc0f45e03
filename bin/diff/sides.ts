import type { Arguments } from '../arguments.ts';
import { Complaint } from '../complaint.ts';
import { buildFile } from '../configuration/build-side.ts';
import { readSource } from '../configuration/read-source.ts';
import { connect } from '../connection.ts';
import { againstDeployed } from './against-deployed.ts';
import { builtOf, sideOf } from './built-of.ts';
import { runningTemplate } from './running-template.ts';
import { type Sides, withoutDigests } from './side.ts';

/**
 * The two sides that the words name: two files, a file and a template, or a file and what Slipway last deployed.
 * @throws Complaint when one of them is not to be had
 */
export const sidesOf = async (given: Arguments): Promise<Sides> => {
  const { application, against, running } = given.values;
  if (application === undefined) throw new Complaint(`slipway diff needs --application FILE. ${WAYS}`);
  if (against !== undefined && running !== undefined)
    throw new Complaint(`--against and --running cannot go together. ${WAYS}`);
  if (against !== undefined) return againstFile(given, application, against);
  if (running !== undefined) return againstTemplate(given, application, running);
  const { environment, version } = given.values;
  if (environment === undefined) throw new Complaint(`There is nothing to hold ${application} against. ${WAYS}`);
  if (given.lists?.['configuration'])
    throw new Complaint('--configuration needs --against or --running: what is deployed knows its own.');
  const { ports } = await connect(given.values);
  return againstDeployed(ports, { source: application, environment, version });
};

const WAYS =
  'Hold it against a file with --against, a template with --running, or what is deployed with --environment.';

const againstFile = ({ values, lists = {} }: Arguments, application: string, against: string): Sides => {
  const { environment, version = 'VERSION', 'against-version': older = version } = values;
  const configurations = lists['configuration'] ?? [];
  const after = builtOf(application, buildFile({ application, configurations, environment, version }));
  const before = buildFile({
    application: against,
    configurations: lists['against-configuration'] ?? configurations,
    environment,
    version: older,
  });
  const { application: old, built } = builtOf(against, before);
  const { name } = after.application;
  if (old.name !== name)
    throw new Complaint(
      `These are two applications, ${old.name} and ${name}: each is a stack of its own, and neither changes the other.`,
    );
  return { before: sideOf(built), after: sideOf(after.built) };
};

const againstTemplate = ({ values, lists = {} }: Arguments, application: string, running: string): Sides => {
  const { environment, version } = values;
  const configurations = lists['configuration'] ?? [];
  if (version === undefined || configurations.length === 0)
    throw new Complaint(
      '--running needs --version and --configuration: what runs has the images and ids of its environment.',
    );
  const { built: after } = builtOf(application, buildFile({ application, configurations, environment, version }));
  const before = { template: runningTemplate(readSource(running)) };
  return { before: withoutDigests(before, after.images), after: sideOf(after) };
};
