import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ModelServer, type ModelInstance, type Packet } from '../../test/model-server.js';
import { InboxState } from '../features/inbox/model/inbox-state.js';
import { byEventSecondThenSeq, type ThreadLog } from '../features/inbox/model/thread-log.js';
import { SyncClient, type SyncState } from './sync-client.js';

const IDS = ['a', 'b', 'c'] as const;
const MAX_QUIESCENCE_ROUNDS = 500;
/** Few enough that some resumes bring more. */
const MISSED_AT_ONCE = 3;

/** Lets every promise that can go on go on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

interface PendingRequest {
  read: () => object;
  answer: object | null;
  resolve: (answer: object) => void;
  reject: (error: Error) => void;
}

/** The console's data layer without a screen, on a wire that the test delivers, delays and cuts. */
class World {
  readonly server = new ModelServer();
  readonly requests: PendingRequest[] = [];
  readonly open = new Set<string>();
  private instance: ModelInstance | null = null;
  private wire: Packet[] = [];
  private resumeAnswer: ((answer: { cursor: string; reset: boolean }) => void) | null = null;
  private listLoaded = false;
  private syncState: SyncState = 'offline';
  private readonly gaps = new Set<string>();
  private readonly unread = new Set<string>();

  readonly state = new InboxState({
    conversationsChanged: () => undefined,
    threadChanged: () => undefined,
    gapFound: (id) => this.gaps.add(id),
    merged: () => undefined,
    unreadUnknown: (id) => this.unread.add(id),
  });
  readonly sync = new SyncClient(
    {
      apply: (event) => this.state.apply(event),
      reset: () => {
        this.listLoaded = false;
        this.gaps.clear();
        this.unread.clear();
        this.state.reset();
      },
      unanswered: () => this.disconnect(),
      stateChanged: (state) => (this.syncState = state),
    },
    MISSED_AT_ONCE,
  );

  constructor() {
    for (const id of IDS) this.server.addConversation(id);
  }

  connect(index: number): void {
    this.disconnect();
    const instance = this.server.instances[index % this.server.instances.length];
    if (!instance) return;
    this.instance = instance;
    this.wire = this.server.connect(instance);
    this.sync.connected({
      resume: (cursor) => {
        this.server.startResume(instance, cursor);
        return new Promise((resolve) => (this.resumeAnswer = resolve));
      },
    });
  }

  disconnect(): void {
    if (!this.instance) return;
    this.server.disconnect(this.instance);
    this.instance = null;
    this.wire = [];
    this.sync.disconnected();
  }

  deliver(count: number): void {
    for (const packet of this.wire.splice(0, count)) {
      if (packet.kind === 'event') this.sync.receive(packet.event);
      else if (packet.kind === 'head') this.sync.head(packet);
      else this.resumeAnswer?.(packet);
    }
  }

  stepResume(): void {
    if (this.instance) this.server.stepResume(this.instance);
  }

  private request<T extends object>(read: () => T): Promise<T> {
    return new Promise<object>((resolve, reject) =>
      this.requests.push({ read, answer: null, resolve, reject }),
    ) as Promise<T>;
  }

  loadList(): void {
    this.listLoaded = true;
    const loading = this.sync.loadList(
      () => this.request(() => this.server.list()),
      (list) => list.items.forEach((item) => this.state.conversations.apply(item)),
    );
    loading.catch(() => (this.listLoaded = false));
  }

  openThread(id: string): void {
    this.open.add(id);
    if (this.state.thread(id)) return;
    const log = this.state.openThread(id);
    const loading = this.sync.loadList(
      () => this.request(() => this.server.page(id, null)),
      (page) => this.state.applyFirstPage(id, log, page),
    );
    loading.then(
      (applied) => !applied && this.state.dropThread(id, log),
      () => this.state.dropThread(id, log),
    );
  }

  loadOlder(id: string): void {
    const log = this.state.thread(id);
    const before = log?.nextOlder;
    if (!log || !before) return;
    this.sync
      .load(
        () => this.request(() => this.server.page(id, before)),
        (page) => log.nextOlder === before && log.applyOlder(page),
      )
      .catch(() => undefined);
  }

  fireTimers(): void {
    for (const id of this.unread) {
      this.unread.delete(id);
      this.sync
        .load(
          () => this.request(() => this.server.get(id)),
          ({ found }) => found && this.state.conversations.apply(found),
        )
        .catch(() => this.unread.add(id));
    }
    for (const id of this.gaps) {
      this.gaps.delete(id);
      const log = this.state.thread(id);
      if (!log?.hasGap) continue;
      log.refill((before) => this.request(() => this.server.page(id, before))).catch(() => this.gaps.add(id));
    }
  }

  /** A request is read by the server at one moment and answered at a later one. */
  http(pick: number, act: 'read' | 'answer' | 'fail'): void {
    const index = this.requests.length > 0 ? pick % this.requests.length : -1;
    const request = this.requests[index];
    if (!request) return;
    if (act === 'read') request.answer ??= request.read();
    else if (act === 'fail') this.requests.splice(index, 1)[0]?.reject(new Error('network'));
    else if (request.answer) this.requests.splice(index, 1)[0]?.resolve(request.answer);
  }

  /** Nothing more happens on the server; the client, connected, comes to rest. */
  async quiesce(): Promise<void> {
    this.connect(0);
    for (let round = 0; round < MAX_QUIESCENCE_ROUNDS; round++) {
      for (const instance of this.server.instances) this.server.tail(instance, 1_000, false);
      this.stepResume();
      this.deliver(1_000);
      this.http(0, 'read');
      this.http(0, 'answer');
      this.fireTimers();
      await settle();
      if (!this.listLoaded) this.loadList();
      for (const id of this.open) if (this.server.room(id).visible) this.openThread(id);
      const isQuiet = this.wire.length === 0 && this.requests.length === 0 && this.gaps.size + this.unread.size === 0;
      if (isQuiet && this.syncState === 'live' && round > 20) return;
    }
    throw new Error('never came to rest');
  }

  check(): void {
    for (const id of IDS) {
      const room = this.server.room(id);
      const held = this.state.conversations.get(id);
      expect(held?.rev, `conversation ${id}`).toBe(room.visible ? room.conversation.rev : undefined);
      if (!held) continue;
      expect(held.unreadCount).toBe(room.conversation.inboundCount - room.readInboundCount);
      const log = this.state.thread(id);
      if (this.open.has(id)) expect(log?.isLoaded).toBe(true);
      if (log) this.checkThread(id, log);
    }
  }

  private checkThread(id: string, log: ThreadLog): void {
    const all = this.server.room(id).messages;
    const bottom = log.nextOlder === null ? null : log.find(log.nextOlder);
    const expected = all.filter((item) => !bottom || byEventSecondThenSeq(item, bottom) >= 0);
    const held = log.messages.filter((item) => !bottom || byEventSecondThenSeq(item, bottom) >= 0);
    expect(held).toEqual(expected.toSorted(byEventSecondThenSeq));
    // A late message may stand on an older page; nothing above what is on the loaded ones may be missing.
    expect(log.hasGap).toBe(false);
    expect(log.heldThroughSeq).toBeGreaterThanOrEqual(Math.max(0, ...expected.map((item) => item.seq)));
  }
}

type Step = (world: World) => void;
const named = (name: string, step: Step): Step => Object.assign(step, { toString: () => name });

const id = fc.constantFrom(...IDS);
const small = fc.nat(5);
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(id, fc.array(fc.constantFrom(0, 0, 0, 9), { minLength: 1, maxLength: 4 }), fc.nat(1_000))
    .map(([room, ages, seed]) => named(`commit ${room} ${ages.join()}`, (w) => w.server.commit(room, ages, seed))),
  fc.tuple(id, small).map(([room, n]) => named(`update ${room} ${n}`, (w) => w.server.updateMessage(room, n))),
  fc.tuple(id, fc.boolean()).map(([room, on]) => named(`visible ${room} ${on}`, (w) => w.server.setVisible(room, on))),
  id.map((room) => named(`read ${room}`, (w) => w.server.read(room))),
  id.map((room) => named(`unread ${room}`, (w) => w.server.unread(room))),
  fc.tuple(fc.nat(1), fc.integer({ min: 0, max: 6 }), fc.boolean()).map(([n, rows, twice]) =>
    named(`tail ${n} ${rows}`, (w) => {
      const instance = w.server.instances[n];
      if (instance) w.server.tail(instance, rows, twice);
    }),
  ),
  fc.tuple(fc.nat(1), id).map(([n, room]) =>
    named(`batch lost ${n} ${room}`, (w) => {
      const instance = w.server.instances[n];
      if (!instance) return;
      w.server.updateMessage(room, 0);
      w.server.commit(room, [0], 1);
      w.server.skip(instance, 1_000);
      w.server.tail(instance, 0, false);
    }),
  ),
  fc.nat(1).map((n) => named(`connect ${n}`, (w) => w.connect(n))),
  fc.constant(named('cut', (w) => w.disconnect())),
  small.map((n) => named(`deliver ${n}`, (w) => w.deliver(n + 1))),
  small.map((n) => named(`deliver ${n}`, (w) => w.deliver(n + 1))),
  fc.constant(named('resume step', (w) => w.stepResume())),
  fc.constant(named('resume step', (w) => w.stepResume())),
  fc.constant(named('load list', (w) => w.loadList())),
  id.map((room) => named(`open ${room}`, (w) => w.openThread(room))),
  id.map((room) => named(`older ${room}`, (w) => w.loadOlder(room))),
  fc.constant(named('timers', (w) => w.fireTimers())),
  fc
    .tuple(small, fc.constantFrom('read', 'read', 'answer', 'answer', 'fail' as const))
    .map(([n, act]) => named(`http ${n} ${act}`, (w) => w.http(n, act))),
);
const rare: fc.Arbitrary<Step> = fc.oneof(
  fc.constant(named('restore', (w) => w.server.restore())),
  fc.constant(named('prune', (w) => w.server.prune())),
);

/** The last message passed by while its conversation was out of sight for a moment: only `lastSeq` tells of it. */
const passedUnseen: [boolean, Step[]] = [
  true,
  [
    (w) => w.server.commit('a', [0, 0], 2),
    (w) => w.server.setVisible('a', false),
    (w) => w.server.instances[0] && w.server.tail(w.server.instances[0], 1, false),
    (w) => w.server.setVisible('a', true),
    (w) => w.deliver(1),
  ],
];

test('whatever is lost, doubled, late or out of order, the client ends with what the server has', async () => {
  const scenario = fc.array(fc.oneof({ weight: 40, arbitrary: steps }, { weight: 1, arbitrary: rare }), {
    maxLength: 60,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), scenario, async (startsLive, run) => {
      const world = new World();
      if (startsLive) {
        world.openThread('a');
        await world.quiesce();
      }
      for (const step of run) {
        step(world);
        await settle();
      }
      await world.quiesce();
      world.check();
    }),
    { numRuns: 3_000, examples: [passedUnseen] },
  );
}, 120_000);
