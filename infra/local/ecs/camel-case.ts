import type { Input } from '../wire/service.ts';

/** Their keys are names that people chose. */
const FREE_KEYS = new Set(['DockerLabels', 'DriverOpts', 'Labels', 'Options']);

/** Parameters of a template arrive as text where the API has numbers and truth values; a task's own cpu and memory stay text. */
const NUMBERS = new Set(
  'ContainerPort Cpu DesiredCount HealthCheckGracePeriodSeconds HostPort Interval MaximumPercent Memory MemoryReservation MinimumHealthyPercent Retries StartPeriod StartTimeout StopTimeout Timeout'.split(
    ' ',
  ),
);
const TRUTHS = new Set('Enable EnableExecuteCommand Essential Privileged ReadonlyRootFilesystem Rollback'.split(' '));

/** Properties of a template as input of the API: `ContainerDefinitions` becomes `containerDefinitions`, at every depth. */
export const camelCase = (properties: Input): Input => {
  const { Cpu, Memory, ...nested } = properties;
  return { ...lowered(nested), ...(Cpu ? { cpu: String(Cpu) } : {}), ...(Memory ? { memory: String(Memory) } : {}) };
};

const lowered = (value: Input): Input => {
  if (Array.isArray(value)) return value.map(lowered);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [lowerFirst(key), loweredValue(key, inner)]));
};

const loweredValue = (key: string, value: Input): Input => {
  if (FREE_KEYS.has(key)) return value;
  if (NUMBERS.has(key) && typeof value === 'string') return Number(value);
  if (TRUTHS.has(key) && typeof value === 'string') return value === 'true';
  return lowered(value);
};

const lowerFirst = (key: string) => key.charAt(0).toLowerCase() + key.slice(1);
