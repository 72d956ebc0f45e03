import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { isAlive } from './is-alive.ts';

const endpointSchema = z.object({
  pid: z.int(),
  endpoint: z.string(),
  region: z.string(),
  gitHubApiUrl: z.string(),
  /** Where applications answer. */
  url: z.string(),
  outputs: z.record(z.string(), z.string()),
});

/** How the other commands reach a Slipway that runs on this machine. */
export type LocalEndpoint = z.infer<typeof endpointSchema>;

const fileIn = (directory: string) => join(directory, 'endpoint.json');

/** Whole or not at all: somebody may read it at any time. */
export const writeEndpoint = (directory: string, endpoint: LocalEndpoint): void => {
  const part = `${fileIn(directory)}.${process.pid}`;
  writeFileSync(part, JSON.stringify(endpoint, undefined, 2));
  renameSync(part, fileIn(directory));
};

export const removeEndpoint = (directory: string): void => rmSync(fileIn(directory), { force: true });

/** The Slipway that runs on a state folder; undefined when none does, also where a killed one left its file. */
export const findEndpoint = (directory: string): LocalEndpoint | undefined => {
  if (!existsSync(fileIn(directory))) return undefined;
  const endpoint = endpointSchema.parse(JSON.parse(readFileSync(fileIn(directory), 'utf8')));
  return isAlive(endpoint.pid) ? endpoint : undefined;
};
