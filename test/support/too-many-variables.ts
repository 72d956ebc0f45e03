import { sampleRuntime } from './sample-configuration.ts';

/** An application with one more variable of its environment than a stack takes parameters, and the values. */
export const tooManyVariables = () => {
  const names = Array.from({ length: 201 }, (_, index) => `v${index}`);
  const envVars = names.map((name) => ({ name: name.toUpperCase(), fromEnv: { name } }));
  return {
    document: { name: 'shop', runtimes: [sampleRuntime({ containers: [{ name: 'web', imageUrl: 'a:1', envVars }] })] },
    vars: names.map((name) => ({ name, value: 'x' })),
  };
};
