import type { Person, PresentAgent } from '@parley/contract';
import type { SocketLease } from '../sockets/socket-types.js';

/** What a change touched: whose lists must be told again. */
export interface LeaseChange {
  presence: boolean;
  conversationIds: Set<string>;
}

type HeldLease = SocketLease & { untilMs: number };

/** Who is online, viewing and typing, from leases that run out by themselves. Knows no clock and no network. */
export class LeaseBoard {
  private readonly leases = new Map<string, HeldLease>();
  private readonly byAgent = new Map<string, Set<string>>();
  private readonly byConversation = new Map<string, Set<string>>();

  /** Takes what a socket says now. */
  apply(lease: SocketLease, nowMs: number): LeaseChange {
    const { socketId, agent } = lease;
    const before = this.leases.get(socketId);
    const presenceBefore = this.presenceOf(agent.id);
    const after = lease.leaseMs > 0 ? { ...lease, untilMs: nowMs + lease.leaseMs } : undefined;
    this.replace(socketId, before, after);
    const touched = new Set([...conversationsOf(before), ...conversationsOf(after)]);
    return {
      presence: presenceBefore !== this.presenceOf(agent.id),
      conversationIds: isSame(before, after) ? new Set() : touched,
    };
  }

  /** Drops the leases that ran out. */
  expire(nowMs: number): LeaseChange {
    const change: LeaseChange = { presence: false, conversationIds: new Set() };
    for (const lease of [...this.leases.values()].filter(({ untilMs }) => untilMs <= nowMs)) {
      const { presence, conversationIds } = this.apply({ ...lease, leaseMs: 0 }, nowMs);
      change.presence ||= presence;
      for (const id of conversationIds) change.conversationIds.add(id);
    }
    return change;
  }

  isOnline(agentId: string): boolean {
    return this.byAgent.has(agentId);
  }

  online(): PresentAgent[] {
    return people([...this.leases.values()]);
  }

  /** Who has it open; those whose every tab with it is hidden are `idle`. */
  viewers(conversationId: string): PresentAgent[] {
    return people(this.in(conversationId).filter(({ viewing }) => viewing.includes(conversationId)));
  }

  typists(conversationId: string): Person[] {
    return people(this.in(conversationId).filter(({ typing }) => typing === conversationId)).map(({ id, name }) => ({
      id,
      name,
    }));
  }

  /** Every conversation that somebody views or types in. */
  conversationIds(): Set<string> {
    return new Set(this.byConversation.keys());
  }

  /** What others than this agent look at or type in right now; a hidden tab looks at nothing. */
  lookedAtByOthers(agentId: string): string[] {
    return [...this.byConversation]
      .filter(([, sockets]) =>
        [...sockets].some((socketId) => {
          const lease = this.leases.get(socketId);
          return lease !== undefined && lease.agent.id !== agentId && !lease.idle;
        }),
      )
      .map(([conversationId]) => conversationId);
  }

  /** Whether this agent looks at it right now, in any tab. */
  isLookingAt(agentId: string, conversationId: string): boolean {
    return this.in(conversationId).some(({ agent, viewing, idle }) => {
      return agent.id === agentId && !idle && viewing.includes(conversationId);
    });
  }

  private in(conversationId: string): HeldLease[] {
    return [...(this.byConversation.get(conversationId) ?? [])].flatMap((id) => this.leases.get(id) ?? []);
  }

  private presenceOf(agentId: string): 'away' | 'idle' | 'here' {
    const sockets = this.byAgent.get(agentId);
    if (!sockets) return 'away';
    return [...sockets].every((socketId) => this.leases.get(socketId)?.idle) ? 'idle' : 'here';
  }

  private replace(socketId: string, before: HeldLease | undefined, after: HeldLease | undefined): void {
    if (before) {
      unlist(this.byAgent, before.agent.id, socketId);
      for (const id of conversationsOf(before)) unlist(this.byConversation, id, socketId);
    }
    this.leases.delete(socketId);
    if (!after) return;
    this.leases.set(socketId, after);
    list(this.byAgent, after.agent.id, socketId);
    for (const id of conversationsOf(after)) list(this.byConversation, id, socketId);
  }
}

const conversationsOf = (lease: SocketLease | undefined): string[] =>
  lease ? [...lease.viewing, ...(lease.typing === null ? [] : [lease.typing])] : [];

const isSame = (left: SocketLease | undefined, right: SocketLease | undefined): boolean =>
  left?.typing === right?.typing &&
  Boolean(left?.idle) === Boolean(right?.idle) &&
  (left?.viewing ?? []).join() === (right?.viewing ?? []).join();

function list(index: Map<string, Set<string>>, key: string, socketId: string): void {
  const sockets = index.get(key) ?? new Set();
  index.set(key, sockets.add(socketId));
}

function unlist(index: Map<string, Set<string>>, key: string, socketId: string): void {
  const sockets = index.get(key);
  sockets?.delete(socketId);
  if (sockets?.size === 0) index.delete(key);
}

/** Each agent once, however many tabs they have, in a steady order. */
function people(leases: readonly SocketLease[]): PresentAgent[] {
  const byId = new Map<string, PresentAgent>();
  for (const { agent, idle } of leases) {
    const { id, name } = agent;
    if (!idle) byId.set(id, { id, name });
    else if (!byId.has(id)) byId.set(id, { id, name, idle: true });
  }
  return [...byId.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}
