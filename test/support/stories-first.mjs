import Sequencer from '@jest/test-sequencer';

/** Tests that start the embedded cloud, or a command that does. */
const STORY = /[/]test[/](acceptance|bin)[/][^/]+[.]test[.]ts$/;

/**
 * Stories come first, the rest after them as jest would have it: no worker is left alone with a long one at the end, and a
 * process that starts many others starts them while it is small.
 */
export default class StoriesFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isStory = ({ path }) => STORY.test(path);
    return [...sorted.filter(isStory), ...sorted.filter((test) => !isStory(test))];
  }
}
