import type { Page } from '@playwright/test';
import { FaultStory } from '../fixtures/fault-story.ts';
import type { Instance } from '../fixtures/instance.ts';
import { expect, test } from '../fixtures/parley.ts';
import { flushRedis, type Part, pidOf, signalPart } from '../fixtures/parts.ts';
import { newName } from '../pages/inbox.page.ts';

/** All of a thread fits, so that what is not on the page is not there. */
const TALL = { viewport: { width: 1_280, height: 2_400 } };
const RESTART_MS = 60_000;

let story: FaultStory;

/** Started again by whoever keeps it, as another process, and the whole is ready. */
async function isBack(part: Part, former: number, instance: Instance): Promise<void> {
  await expect.poll(() => [null, former].includes(pidOf(part, instance)), { timeout: RESTART_MS }).toBe(false);
  const isReady = () =>
    fetch(`${instance.url}/api/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isReady, { timeout: RESTART_MS }).toBe(true);
}

test.describe('the story plays on', () => {
  test.setTimeout(240_000);

  test.beforeEach(async ({ agent, customer, instance }) => {
    const pages: [Page, Page] = [await agent('Ana', TALL), await agent('Chen', TALL)];
    story = await FaultStory.begin(pages, customer(newName('Faulty Fatima')), instance);
  });
  test.afterEach(() => story.end());

  test('through a network that both agents lose', async () => {
    const contexts = [story.ana, story.chen].map(({ page }) => page.context());
    await Promise.all(contexts.map((context) => context.setOffline(true)));
    const body = await story.anaTypes();
    await story.customerWrites();
    for (const { connection } of [story.ana, story.chen])
      await expect(connection).toContainText('Offline', { timeout: RESTART_MS });
    await Promise.all(contexts.map((context) => context.setOffline(false)));
    await Promise.all([story.customerWrites(), story.isTaken(body)]);
    await story.anaReplies();
    await story.holds();
  });

  test('through an instance that is killed with a reply under way', async ({ instance, request }) => {
    const faults = `${instance.simulatorUrl}/control/faults`;
    await request.post(faults, {
      data: { sends: [{ match: { text: 'answer 2.' }, count: 1, fault: 'hang_after_accept' }] },
    });
    await story.isTaken(await story.anaTypes());
    const killed = signalPart('backend', 'SIGKILL', instance);
    const [body] = await Promise.all([story.anaTypes(), story.customerWrites()]);
    await isBack('backend', killed, instance);
    await Promise.all([story.customerWrites(), story.isTaken(body)]);
    await story.holds();
  });

  test('through a Redis that is emptied and killed', async ({ instance }) => {
    await Promise.all([flushRedis(instance), story.customerWrites()]);
    const killed = signalPart('redis', 'SIGKILL', instance);
    await Promise.all([story.customerWrites(), story.anaReplies()]);
    await isBack('redis', killed, instance);
    await Promise.all([story.customerWrites(), story.anaReplies()]);
    await story.holds();
  });

  test('through a PostgreSQL that is restarted', async ({ instance }) => {
    const stopped = signalPart('postgres', 'SIGINT', instance);
    const [body] = await Promise.all([story.anaTypes(), story.customerWrites()]);
    await isBack('postgres', stopped, instance);
    await Promise.all([story.customerWrites(), story.isTaken(body)]);
    await story.anaReplies();
    await story.holds();
  });
});
