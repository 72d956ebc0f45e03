import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { Clock, Timer } from '../clock.ts';
import type { HealthCheck, Target, TargetState } from './balancer-records.ts';

interface Watch {
  readonly clock: Clock;
  /** Milliseconds until the first check; 0 also looks every 100 ms of real time until the first success. */
  readonly latency: number;
  readonly target: Target;
  /** Read anew at each check: a template may change it. */
  readonly settings: () => HealthCheck & { readonly grpc: boolean };
  readonly onState: (state: TargetState) => void;
}

const EAGER_MILLIS = 100;

/**
 * A clock that leaps over hours must not open thousands of connections: so many checks that end alike, in so much real time.
 * No threshold of AWS is greater, so the state is settled by then.
 */
const MOST_IN_A_BURST = 10;
const BURST_MILLIS = 100;

/**
 * Checks a target until it is told to stop. One success makes a new target healthy, as with AWS; from then on the
 * thresholds count. Only checks in the rhythm of the interval count as failures, so an application may take its time to start.
 */
export const watchHealth = ({ clock, latency, target, settings, onState }: Watch): { stop(): void } => {
  let state: TargetState = 'initial';
  let successes = 0;
  let failures = 0;
  let underWay = 0;
  const burst = burstOfChecks();
  let stopped = false;
  let eager: NodeJS.Timeout | undefined;
  let regular: Timer | undefined;

  const move = (next: TargetState) => {
    if (stopped || state === next) return;
    state = next;
    onState(next);
  };
  const succeeded = (threshold: number) => {
    failures = 0;
    successes += 1;
    if (state === 'initial' || successes >= threshold) move('healthy');
  };
  const failed = (threshold: number) => {
    successes = 0;
    failures += 1;
    if (failures >= threshold) move('unhealthy');
  };
  const look = async () => {
    const current = settings();
    const healthy = await passes(target, current);
    if (stopped || state !== 'initial') return;
    if (healthy) succeeded(current.healthyThreshold);
    else eager = setTimeout(look, EAGER_MILLIS);
  };
  const check = async () => {
    const current = settings();
    const { intervalSeconds, healthyThreshold, unhealthyThreshold } = current;
    regular = clock.after(intervalSeconds * 1000, check);
    // More than the thresholds tells nothing new.
    if (underWay >= Math.max(healthyThreshold, unhealthyThreshold) || !burst.takes()) return;
    underWay += 1;
    const healthy = await passes(target, current);
    underWay -= 1;
    if (stopped) return;
    burst.saw(healthy);
    if (healthy) succeeded(healthyThreshold);
    else failed(unhealthyThreshold);
  };

  if (latency === 0) void look();
  regular = clock.after(latency || settings().intervalSeconds * 1000, check);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(eager);
      regular?.cancel();
    },
  };
};

/** Counts checks that follow each other within moments of real time and end alike. */
const burstOfChecks = () => {
  let began = 0;
  let count = 0;
  let last: boolean | undefined;
  return {
    takes: () => {
      const now = performance.now();
      if (now - began > BURST_MILLIS) [began, count] = [now, 0];
      count += 1;
      return count <= MOST_IN_A_BURST;
    },
    saw: (healthy: boolean) => {
      if (healthy !== last) count = 0;
      last = healthy;
    },
  };
};

/** gRPC targets count as healthy when they take a connection: HTTP/2 is not spoken here. */
const passes = ({ id, port }: Target, check: HealthCheck & { readonly grpc: boolean }): Promise<boolean> => {
  const at = { host: id, port: check.port === 'traffic-port' ? port : Number(check.port) };
  return new Promise((resolve) => {
    if (check.grpc) {
      const socket = connect(at, () => resolve(true));
      socket.setTimeout(check.timeoutSeconds * 1000, () => resolve(false));
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
      return;
    }
    const headers = { 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' };
    const probe = request({ ...at, path: check.path, headers, agent: false }, (response: IncomingMessage) => {
      response.resume();
      resolve(fitsMatcher(check.matcher, response.statusCode ?? 0));
    });
    const timer = setTimeout(() => probe.destroy(), check.timeoutSeconds * 1000);
    probe.on('error', () => resolve(false));
    probe.on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
    probe.end();
  });
};

/** Whether a status fits `200`, `200,202` or `200-299`. */
export const fitsMatcher = (matcher: string, status: number): boolean =>
  matcher.split(',').some((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return status >= first && status <= last;
  });
