import { synthesise } from '../../bin/local/synthesise.ts';

/** Once per run, before any worker: nothing to do when the sources are those of the last time. */
export default () => {
  synthesise();
};
