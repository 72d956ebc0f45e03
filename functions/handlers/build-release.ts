import { buildRelease } from '../operations/build-release.ts';
import { step } from '../runtime/step.ts';
import { configurationFiles } from '../runtime/wiring/configuration-files.ts';
import { github } from '../runtime/wiring/github.ts';
import { records } from '../runtime/wiring/records.ts';

export const handler = step('build-release', buildRelease, { ...records, ...github, ...configurationFiles });
