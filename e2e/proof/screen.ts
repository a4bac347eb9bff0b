import type { Conversation, ConversationList, Message, ServerToClientEvents } from '@parley/contract';
import { durableEventTypes } from '@parley/contract/constants';
import { io, type Socket } from 'socket.io-client';
import type { Person } from './people.ts';
import { loadSyncClient, type SyncClient, type SyncedEvent } from './sync-client.ts';

/** As long as the console waits (console/src/realtime/socket.ts): a resume brings all that was missed. */
const RESUME_TIMEOUT_MS = 60_000;
const RECONNECT_MS = 100;
const CONNECT_AGAIN_MS = 1_000;

interface ResumeAnswer {
  ok: boolean;
  cursor: string;
  reset: boolean;
}

interface HeldMessage {
  rev: number;
  status: string;
}

interface HeldThread {
  rev: number;
  assigneeId: string | null;
}

const SyncClientOfTheConsole = await loadSyncClient();

/** What one agent's browser holds: the console's resume client on a real socket, and a ledger of what it applied. */
export class Screen {
  /** By id, with the greatest `rev`: of the payload what the oracle compares, for there are many screens. */
  readonly messages = new Map<string, HeldMessage>();
  readonly threads = new Map<string, HeldThread>();
  /** Messages that were told of as new. */
  readonly created = new Set<string>();
  readonly wamids = new Set<string>();
  /** How often it had to start anew, lost its socket, and how long each way back took. */
  resets = 0;
  losses = 0;
  readonly resyncMs: number[] = [];
  received = 0;
  isLive = false;
  readonly person: Person;
  readonly socket: Socket<ServerToClientEvents>;
  readonly #sync: SyncClient;
  #connectedAtMs = 0;
  #isClosed = false;
  #connecting: NodeJS.Timeout | undefined;

  private constructor(url: string, person: Person) {
    this.person = person;
    this.socket = io(url, {
      transports: ['websocket'],
      auth: (give) => {
        give({ token: person.token });
      },
      forceNew: true,
      reconnectionDelay: RECONNECT_MS,
      reconnectionDelayMax: RECONNECT_MS * 5,
    });
    this.#sync = new SyncClientOfTheConsole({
      apply: (event) => {
        this.#apply(event);
      },
      reset: () => {
        this.resets += 1;
      },
      // Without an answer the connection is given up; the next one resumes from the same cursor.
      unanswered: () => {
        this.dropLine();
      },
      stateChanged: (state) => {
        this.isLive = state === 'live';
        if (this.isLive && this.#connectedAtMs > 0) this.resyncMs.push(performance.now() - this.#connectedAtMs);
        if (this.isLive) this.#connectedAtMs = 0;
      },
    });
    for (const type of durableEventTypes)
      this.socket.on(type, (payload: unknown) => {
        this.received += 1;
        this.#sync.receive({ type, payload });
      });
    this.socket.on('sync:head', (head) => {
      this.#sync.head(head);
    });
    this.socket.on('connect', () => {
      if (this.losses > 0) this.#connectedAtMs = performance.now();
      this.#sync.connected({ resume: (cursor) => this.#resume(cursor) });
    });
    this.socket.on('disconnect', () => {
      this.losses += 1;
      this.#sync.disconnected();
      this.#connectAgain();
    });
    this.socket.on('connect_error', () => {
      this.#connectAgain();
    });
  }

  /** Connects, and takes the first list's cursor as its own. */
  static async open(url: string, person: Person): Promise<Screen> {
    const screen = new Screen(url, person);
    await screen.#sync.loadList(
      async () => (await person.ask<ConversationList>('GET', '/conversations?limit=1')).body,
      () => undefined,
    );
    return screen;
  }

  /** Where the server itself refused or ended it (it had no database at that moment), nobody else tries again: as the console. */
  #connectAgain(): void {
    if (this.socket.active || this.#isClosed) return;
    clearTimeout(this.#connecting);
    this.#connecting = setTimeout(() => this.socket.connect(), CONNECT_AGAIN_MS);
  }

  /** Cuts the line as a dead network does. */
  dropLine(): void {
    if (this.socket.connected) this.socket.io.engine.close();
  }

  refreshToken(): void {
    if (this.socket.connected)
      (this.socket as unknown as Socket).emit('auth:refresh', { token: this.person.token }, () => undefined);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#connecting);
    this.socket.disconnect();
  }

  async #resume(cursor: string): Promise<ResumeAnswer> {
    const untyped = this.socket as unknown as Socket;
    const answer = (await untyped.timeout(RESUME_TIMEOUT_MS).emitWithAck('sync:resume', { cursor })) as ResumeAnswer;
    if (!answer.ok) throw new Error('the resume was refused');
    return answer;
  }

  #apply({ type, payload }: SyncedEvent): void {
    if (type === 'message:created' || type === 'message:updated') {
      const { id, rev, status, wamid } = payload as Message;
      keep(this.messages, id, { rev, status });
      if (type === 'message:created') this.created.add(id);
      if (wamid) this.wamids.add(wamid);
    } else if (type === 'conversation:updated') {
      const { id, rev, assignee } = payload as Conversation;
      keep(this.threads, id, { rev, assigneeId: assignee?.id ?? null });
    }
  }
}

function keep<T extends { rev: number }>(held: Map<string, T>, id: string, item: T): void {
  if (item.rev > (held.get(id)?.rev ?? 0)) held.set(id, item);
}
