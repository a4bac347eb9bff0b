import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcceptedSend } from './support/faults/cloud-api.js';
import { Deployment, type Speaker } from './support/faults/deployment.js';
import { build } from './support/faults/program.js';
import {
  areDeliveriesDone,
  deliveryCount,
  deliveryFates,
  heldBy,
  isBatchHeldUp,
  isQuiet,
  letLeasesEnd,
  messageText,
  storedMessages,
  storedThreads,
  threadText,
  type DeliveryFates,
  type StoredMessage,
  type StoredThread,
} from './support/faults/records.js';
import { Storm } from './support/faults/storm.js';
import type { LiveClient } from './support/live-client.js';
import { waitFor } from './support/wait-for.js';

const CUSTOMERS = 12;
const PER_ROUND = 5;
/** Longer than any lease, and than the wait for a status after an answer that says little. */
const LONGEST_LEASE_SECONDS = 180;
const DELIVERY_LEASE_SECONDS = 11;
const BUILD_TIMEOUT_MS = 300_000;
const STORM_TIMEOUT_MS = 240_000;
const QUIET_TIMEOUT_MS = 60_000;

/** Meta's bad days, by a word in the reply. */
const RULES = [
  { match: { text: 'lost-answer' }, fault: 'reset_after' },
  { match: { text: 'lost-call' }, fault: 'reset_before' },
  { match: { text: 'slow-answer' }, fault: 'slow', delayMs: 1_500 },
  { match: { text: 'broken-answer' }, fault: 'http_503_html' },
];

describe('a storm through killed instances, a restarted PostgreSQL and a vanished Redis', () => {
  let deployment: Deployment;
  let storm: Storm;
  let watchers: LiveClient[] = [];
  let messages: StoredMessage[];
  let threads: StoredThread[];
  let accepted: AcceptedSend[];
  /** Before PostgreSQL crashed, after it, after both instances died. */
  const fates: DeliveryFates[] = [];

  /** Customers and agents write, and something breaks in the midst of it. */
  async function round(word: string, fault: () => Promise<unknown>): Promise<void> {
    const before = await deliveryCount(deployment);
    const breaking = waitFor(
      async () => (await deliveryCount(deployment)) > before,
      'the first of them',
      QUIET_TIMEOUT_MS,
    ).then(fault);
    await Promise.all([storm.customersWrite(PER_ROUND), storm.agentsReply(word), breaking]);
  }

  /** Breaks something exactly while a batch of deliveries is leased and not yet committed. */
  async function amidABatch(fault: () => Promise<unknown>): Promise<void> {
    const letGo = await deployment.services.holdThread(storm.correspondences[0]?.conversationId ?? '');
    await storm.customersWrite(1);
    await waitFor(() => isBatchHeldUp(deployment), 'a batch', QUIET_TIMEOUT_MS);
    await fault();
    await letGo();
  }

  const fatesOnceDone = () =>
    waitFor(
      async () => ((await areDeliveriesDone(deployment)) ? deliveryFates(deployment) : null),
      'the end of all deliveries',
      QUIET_TIMEOUT_MS,
    );

  async function killAndRestart(index: number): Promise<void> {
    await deployment.killInstance(index);
    await deployment.startInstance(index);
  }

  const isShownTo = (watcher: LiveClient): boolean => {
    const held = heldBy(watcher);
    return (
      messages.every((message) => held.messages.get(message.id) === messageText(message)) &&
      threads.every((thread) => held.threads.get(thread.id) === threadText(thread))
    );
  };

  beforeAll(build, BUILD_TIMEOUT_MS);

  beforeAll(async () => {
    deployment = await Deployment.start();
    const agents: [Speaker, Speaker] = [await deployment.agent('Ana'), await deployment.agent('Ben')];
    await deployment.meta.behave({
      sends: RULES,
      webhooks: { duplicate: 0.2, reorder: 0.3, batch: 4, retrySpeed: 60, timeoutMs: 4_000 },
      statuses: { sentMs: 20, deliveredMs: 60, readMs: 150 },
      limits: { pair: false, messagesPerSecond: 0 },
    });
    watchers = await Promise.all(agents.map((agent) => deployment.follow(agent)));
    storm = new Storm(deployment, agents, CUSTOMERS);
    await storm.begin();

    await round('slow-answer', () => killAndRestart(0));
    await round('plain', () => deployment.services.restartPostgres());
    await round('lost-answer', () => killAndRestart(1));
    await deployment.services.flushRedis();
    const bringRedisBack = await deployment.services.takeRedisAway();
    await round('lost-call', () => storm.customersWrite(1));
    await bringRedisBack();
    await letLeasesEnd(deployment, DELIVERY_LEASE_SECONDS);
    fates.push(await fatesOnceDone());
    await amidABatch(() => deployment.services.crashPostgres());
    fates.push(await fatesOnceDone());
    await amidABatch(() => deployment.killInstances());
    await letLeasesEnd(deployment, DELIVERY_LEASE_SECONDS);
    await deployment.startInstances();
    await round('broken-answer', () => deployment.services.flushRedis());

    await waitFor(async () => (await deployment.meta.pending()) === 0, 'every webhook to be taken', QUIET_TIMEOUT_MS);
    await letLeasesEnd(deployment, LONGEST_LEASE_SECONDS);
    await waitFor(() => isQuiet(deployment), 'the end of all work', QUIET_TIMEOUT_MS);
    fates.push(await fatesOnceDone());
    messages = await storedMessages(deployment);
    threads = await storedThreads(deployment);
    accepted = await deployment.meta.accepted();
    await waitFor(() => watchers.every(isShownTo), 'the streams', QUIET_TIMEOUT_MS);
  }, STORM_TIMEOUT_MS);

  afterAll(async () => {
    for (const watcher of watchers) watcher.close();
    await deployment?.close();
  }, STORM_TIMEOUT_MS);

  it('has every message of every customer, once, in the order in which they wrote', () => {
    for (const { conversationId, written } of storm.correspondences) {
      const inbound = messages.filter(
        (message) => message.conversationId === conversationId && message.direction === 'inbound',
      );
      expect(inbound.map(({ wamid, body }) => ({ wamid, body }))).toEqual(
        written.map(({ id, body }) => ({ wamid: id, body })),
      );
    }
    expect(threads).toHaveLength(CUSTOMERS);
  });

  it('took up again what was half done, and blames the death of PostgreSQL on nobody', () => {
    const [before, afterCrash, afterDeath] = fates;
    // Who was at work may not outlive a crash of PostgreSQL: then what was half done begins as if for the first time.
    expect(afterCrash?.repeated).toBeGreaterThanOrEqual(before?.repeated ?? 0);
    expect(afterCrash?.blamed).toBe(before?.blamed);
    expect(afterDeath?.repeated).toBeGreaterThan(afterCrash?.repeated ?? 0);
    expect(afterDeath?.blamed).toBeGreaterThan(afterCrash?.blamed ?? 0);
  });

  it('numbers every thread without a gap', () => {
    for (const thread of threads) {
      const seqs = messages.filter(({ conversationId }) => conversationId === thread.id).map(({ seq }) => seq);
      expect(seqs.sort((left, right) => left - right)).toEqual(seqs.map((_, index) => index + 1));
      expect(thread.lastSeq).toBe(seqs.length);
    }
  });

  it('has every reply once, whatever answers got lost between the agent and the server', () => {
    for (const { conversationId, replies } of storm.correspondences) {
      const outbound = messages.filter(
        (message) => message.conversationId === conversationId && message.direction === 'outbound',
      );
      expect(outbound.map(({ id, clientMessageId, body }) => ({ messageId: id, clientMessageId, body }))).toEqual(
        replies,
      );
    }
  });

  it('has sent no reply twice, each thread in its order, and calls unknown exactly what never reached Meta', () => {
    const outbound = messages.filter(({ direction }) => direction === 'outbound');
    const byWamid = new Map(outbound.map((message) => [message.wamid, message]));
    const taken = accepted.map(({ wamid }) => byWamid.get(wamid));
    expect(taken.filter((message) => message === undefined)).toEqual([]);
    expect(new Set(taken).size).toBe(accepted.length);
    accepted.forEach(({ body }, index) => expect(body.text?.body).toBe(taken[index]?.body));
    for (const { id } of threads) {
      const seqs = taken.filter((message) => message?.conversationId === id).map((message) => message?.seq ?? 0);
      expect(seqs).toEqual([...seqs].sort((left, right) => left - right));
    }
    for (const message of outbound) expect(message.status).toBe(taken.includes(message) ? 'read' : 'unknown');
  });

  it('has shown each agent what the database holds, without starting anybody anew', () => {
    for (const watcher of watchers) {
      const held = heldBy(watcher);
      expect(held.messages).toEqual(new Map(messages.map((message) => [message.id, messageText(message)])));
      expect(held.threads).toEqual(new Map(threads.map((thread) => [thread.id, threadText(thread)])));
      expect(watcher.resumes.filter(({ reset }) => reset)).toEqual([]);
      expect(watcher.resumes.length).toBeGreaterThan(1);
    }
  });
});
