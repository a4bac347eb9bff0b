import type { Person } from '@parley/contract';

/** All that one socket says about its agent; each message says it anew, so one that is lost does no harm. */
export interface SocketLease {
  socketId: string;
  agent: Person;
  /** Conversations that are open on the agent's screen. */
  viewing: string[];
  typing: string | null;
  /** How long this holds without a new message; 0 = the socket is gone. */
  leaseMs: number;
}

/** What a change touched: whose lists must be told again. */
export interface LeaseChange {
  presence: boolean;
  conversationIds: Set<string>;
}

/** Who is online, viewing and typing, from leases that run out by themselves. Knows no clock and no network. */
export class LeaseBoard {
  private readonly leases = new Map<string, SocketLease & { untilMs: number }>();

  /** Takes what a socket says now. */
  apply(lease: SocketLease, nowMs: number): LeaseChange {
    const before = this.leases.get(lease.socketId);
    const wasOnline = this.isOnline(lease.agent.id);
    if (lease.leaseMs > 0) this.leases.set(lease.socketId, { ...lease, untilMs: nowMs + lease.leaseMs });
    else this.leases.delete(lease.socketId);
    const after = lease.leaseMs > 0 ? lease : undefined;
    const touched = new Set([...conversationsOf(before), ...conversationsOf(after)]);
    const isSame = before?.typing === after?.typing && (before?.viewing ?? []).join() === (after?.viewing ?? []).join();
    return {
      presence: wasOnline !== this.isOnline(lease.agent.id),
      conversationIds: isSame ? new Set() : touched,
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
    return [...this.leases.values()].some(({ agent }) => agent.id === agentId);
  }

  online(): Person[] {
    return people([...this.leases.values()]);
  }

  viewers(conversationId: string): Person[] {
    return people([...this.leases.values()].filter(({ viewing }) => viewing.includes(conversationId)));
  }

  typists(conversationId: string): Person[] {
    return people([...this.leases.values()].filter(({ typing }) => typing === conversationId));
  }

  /** Every conversation that somebody views or types in. */
  conversationIds(): Set<string> {
    return new Set([...this.leases.values()].flatMap(conversationsOf));
  }
}

const conversationsOf = (lease: SocketLease | undefined): string[] =>
  lease ? [...lease.viewing, ...(lease.typing === null ? [] : [lease.typing])] : [];

/** Each agent once, however many tabs they have, in a steady order. */
function people(leases: readonly SocketLease[]): Person[] {
  const byId = new Map(leases.map(({ agent }) => [agent.id, agent]));
  return [...byId.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}
