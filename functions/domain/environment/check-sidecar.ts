import type { Runtime } from '../application/runtime.ts';
import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';
import { hasOwnInterface } from '../template/network.ts';
import { credentials } from '../template/proxied-name.ts';
import { type SidecarDuties, sendsMessages, sidecarDuties, usesAdapter } from '../template/sidecar-duties.ts';
import { SIDECAR } from '../template/sidecar-names.ts';
import type { CheckInput } from './check-input.ts';

/** What the sidecars of an application need of it and of the cluster; runtimes without one need nothing. */
export const checkSidecar = (input: CheckInput): readonly Finding[] =>
  input.application.runtimes.flatMap((runtime, index) => {
    const duties = sidecarDuties(runtime, input);
    const reasons = reasonsFor(duties);
    if (reasons.length === 0) return [];
    const keys = ['runtimes', index];
    const { name, aws } = input.cluster;
    const needs = needsSidecar(reasons.join(', '));
    return [
      ...noSidecar(needs, input, keys),
      ...(aws.eventBridge || !sendsMessages(duties)
        ? []
        : [findingAt(keys, `${needs}, which sends messages: the cluster ${name} has no cluster.aws.eventBridge`)]),
      ...reservedNames(runtime, keys),
      ...sameCredentials(loggedInTo(duties), keys),
      ...(hasOwnInterface(input) ? [] : linkedBothWays(runtime, duties, keys)),
    ];
  });

export const needsSidecar = (reason: string): string => `needs the sidecar for ${reason}`;

/** A sidecar is needed, and the cluster does not say which. */
export const noSidecar = (
  needs: string,
  { cluster: { name, aws } }: Pick<CheckInput, 'cluster'>,
  keys: Keys,
): Finding[] => (aws.o5Sidecar ? [] : [findingAt(keys, `${needs}: the cluster ${name} has no cluster.aws.o5Sidecar`)]);

/** In the words of the application file. */
const reasonsFor = ({ ingress, subscriptions, adapter, proxied, outboxes }: SidecarDuties): readonly string[] => [
  ...(ingress ? ['routes without bypassIngress'] : []),
  ...(subscriptions ? ['subscriptions'] : []),
  ...(adapter ? ['the adapter endpoint'] : []),
  ...(outboxes.length > 0 ? [`the outbox of ${namesOf(outboxes)}`] : []),
  ...(proxied.length > 0 ? [`logging in to ${namesOf(proxied)} by IAM`] : []),
];

const loggedInTo = ({ outboxes, proxied }: SidecarDuties): readonly string[] => [
  ...new Set([...outboxes, ...proxied].map(({ name }) => name).sort()),
];

const namesOf = (databases: readonly { readonly name: string }[]) => databases.map(({ name }) => name).join(', ');

const reservedNames = ({ containers }: Runtime, keys: Keys): Finding[] =>
  containers.flatMap(({ name }, index) => reservedName(name, [...keys, 'containers', index, 'name']));

/** No container that stands beside the sidecar may have its name. */
export const reservedName = (name: string, keys: Keys): Finding[] =>
  name === SIDECAR ? [findingAt(keys, `${SIDECAR} is the sidecar: give the container another name`)] : [];

/** Two databases of one sidecar that it could not tell apart. */
export const sameCredentials = (names: readonly string[], keys: Keys): Finding[] =>
  names.flatMap((name, index) => {
    const first = names.slice(0, index).find((other) => credentials(other) === credentials(name));
    return first === undefined
      ? []
      : [findingAt(keys, `its sidecar would know the databases ${first} and ${name} both as ${credentials(name)}`)];
  });

/** A link of Docker goes one way, and the container that is linked to has to start first. */
const linkedBothWays = ({ containers }: Runtime, { endpoints }: SidecarDuties, keys: Keys): Finding[] =>
  containers.flatMap((container, index) =>
    usesAdapter(container) && endpoints.some((endpoint) => endpoint.container === container.name)
      ? [
          findingAt(
            [...keys, 'containers', index],
            'uses the adapter endpoint and takes requests or messages from the sidecar, and on a bridge only one of two containers can call the other: send through an outbox, use the endpoint in another container, or set cluster.aws.ecsCluster.launchType to FARGATE',
          ),
        ]
      : [],
  );
