import { flushPromises } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { conversation } from '../../test/builders.js';
import { type DurableEvent, SyncClient } from './sync-client.js';

const AT_ONCE = 3;

/** A client with its first list, and a resume that is answered when the test says so. */
async function resuming() {
  const applied: DurableEvent[] = [];
  const client = new SyncClient(
    {
      apply: (event) => applied.push(event),
      reset: () => undefined,
      unanswered: () => undefined,
      stateChanged: () => undefined,
    },
    AT_ONCE,
  );
  let answer: (given: { cursor: string; reset: boolean }) => void = () => undefined;
  client.connected({ resume: () => new Promise((resolve) => (answer = resolve)) });
  await client.loadList(
    () => Promise.resolve({ syncCursor: '1' }),
    () => undefined,
  );
  return { client, applied, answer: () => answer({ cursor: '2', reset: false }) };
}

const event = (id: string): DurableEvent => ({
  type: 'conversation:updated',
  payload: conversation({ id }),
});

test('what was missed is taken in together, in its order, once the answer is there', async () => {
  const { client, applied, answer } = await resuming();
  const missed = [event('a'), event('b')];
  for (const one of missed) client.receive(one);
  expect(applied).toEqual([]);
  answer();
  await flushPromises();
  expect(applied).toEqual(missed);
  client.receive(event('c'));
  expect(applied).toHaveLength(3);
});

test('a long absence is taken in part by part, while the rest is still coming', async () => {
  const { client, applied } = await resuming();
  const missed = Array.from({ length: 2 * AT_ONCE + 1 }, (_, n) => event(String(n)));
  for (const one of missed) client.receive(one);
  expect(applied).toEqual(missed.slice(0, 2 * AT_ONCE));
});

test('of a resume that broke off nothing is taken in that the next one brings again', async () => {
  const { client, applied } = await resuming();
  client.receive(event('a'));
  client.disconnected();
  let answer: (given: { cursor: string; reset: boolean }) => void = () => undefined;
  client.connected({ resume: () => new Promise((resolve) => (answer = resolve)) });
  client.receive(event('a'));
  answer({ cursor: '2', reset: false });
  await flushPromises();
  expect(applied).toEqual([event('a')]);
});
