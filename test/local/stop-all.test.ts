import { expect, test } from '@jest/globals';
import { stopAfter, stopAll } from '../../infra/local/stop-all.ts';

const fails = (message: string) => async () => {
  throw new Error(message);
};

test('what fails to stop keeps nothing else from stopping, and every failure is told', async () => {
  const stopped: string[] = [];
  const stops = (name: string) => async () => stopped.push(name);
  const stopping = stopAll([stops('a'), fails('b is stuck'), stops('c'), fails('d is stuck'), stops('e')]);
  await expect(stopping).rejects.toMatchObject({
    name: 'AggregateError',
    message: 'b is stuck; d is stuck',
    errors: [new Error('b is stuck'), new Error('d is stuck')],
  });
  expect(stopped).toEqual(['a', 'c', 'e']);
});

test('one failure is thrown as it is, and those of a step inside a step stand side by side', async () => {
  await expect(stopAll([fails('a'), async () => undefined])).rejects.toEqual(new Error('a'));
  await expect(stopAll([fails('a'), () => stopAll([fails('b'), fails('c')])])).rejects.toThrow('a; b; c');
});

test('a start that fails stops what it has started, and its reason comes first', async () => {
  await expect(stopAfter(new Error('no port'), fails('stuck'))).rejects.toThrow('no port; stuck');
  await expect(stopAfter(new Error('no port'), async () => undefined)).rejects.toEqual(new Error('no port'));
});

test('when everything stops, nothing is thrown', async () => {
  await expect(stopAll([async () => undefined])).resolves.toBeUndefined();
});
