import { Injectable } from '@nestjs/common';
import {
  type ContactMerge,
  type ContactMergeList,
  type ContactMergeListQuery,
  type MergeContact,
  shownContactName,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { DomainError, NotFoundError } from '../../common/domain.error.js';
import { Database } from '../../database/database.js';
import { ContactMergesRepository, type MergeContactView, type MergeView } from './contact-merges.repository.js';

/** Contacts that may be one person: what only an admin can tell. */
@Injectable()
export class ContactMergesService {
  constructor(
    private readonly database: Database,
    private readonly merges: ContactMergesRepository,
  ) {}

  async list({ state }: ContactMergeListQuery): Promise<ContactMergeList> {
    return { items: (await this.merges.list(this.database.pool, state)).map(toContactMerge) };
  }

  /**
   * The two will be one within a second or so. Accepting again what was accepted changes nothing.
   * @throws NotFoundError, DomainError contact_merge.settled when it was refused
   */
  async accept(agent: AuthenticatedAgent, id: string): Promise<ContactMerge> {
    return this.decide(agent, id, 'noted', ['noted', 'done']);
  }

  /**
   * The two stay two. Refusing again what was refused changes nothing.
   * @throws NotFoundError, DomainError contact_merge.settled when it was accepted
   */
  async refuse(agent: AuthenticatedAgent, id: string): Promise<ContactMerge> {
    return this.decide(agent, id, 'refused', ['refused']);
  }

  private async decide(
    agent: AuthenticatedAgent,
    id: string,
    state: 'noted' | 'refused',
    sameAs: readonly MergeView['state'][],
  ): Promise<ContactMerge> {
    const isDecided = await this.merges.decide(this.database.pool, id, state, agent.id);
    const view = await this.merges.find(this.database.pool, id);
    if (!view) throw new NotFoundError('contact_merge');
    if (!isDecided && !sameAs.includes(view.state)) {
      throw new DomainError('contact_merge.settled', 409, 'Somebody has decided this merge already.');
    }
    return toContactMerge(view);
  }
}

function toContactMerge({
  decidedById,
  decidedByName,
  from,
  into,
  createdAt,
  settledAt,
  ...row
}: MergeView): ContactMerge {
  return {
    ...row,
    from: toContact(from),
    into: toContact(into),
    decidedBy: decidedById === null ? null : { id: decidedById, name: decidedByName ?? '' },
    createdAt: createdAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
  };
}

/** PostgreSQL's JSON writes a time in its own way. */
const toContact = ({ name, bsuid, ...contact }: MergeContactView): MergeContact => ({
  ...contact,
  name: shownContactName({ ...contact, name, bsuid }),
  createdAt: new Date(contact.createdAt).toISOString(),
});
