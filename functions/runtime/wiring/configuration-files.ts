import { readConfiguration } from '../../adapters/yaml/configuration-reader.ts';
import type { ConfigurationReader } from '../../ports.ts';

export const configurationFiles = { readConfiguration: (): ConfigurationReader => readConfiguration };
