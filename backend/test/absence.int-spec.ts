import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuthenticatedAgent } from '../src/common/access/authenticated-agent.js';
import { AbsenceRepository } from '../src/conversations/absence/absence.repository.js';
import { AbsenceSweeper } from '../src/conversations/absence/absence.sweeper.js';
import { OwnershipService } from '../src/conversations/ownership/ownership.service.js';
import { ConversationsRig } from './support/conversations-rig.js';

describe('an owner who is gone', () => {
  let rig: ConversationsRig;
  let sweeper: AbsenceSweeper;
  let ana: AuthenticatedAgent;
  let ben: AuthenticatedAgent;
  let connected: string[];

  beforeAll(async () => {
    rig = await ConversationsRig.start();
    sweeper = rig.testing.get(AbsenceSweeper);
    sweeper.watch(() => connected);
    ana = await rig.agent({ name: 'Ana' });
    ben = await rig.agent({ name: 'Ben' });
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    await rig.sql('update workspace set release_after_minutes = 2');
    connected = [ana.id, ben.id];
    await sweeper.round();
  });

  const waiting = () => rig.conversation({ waitingSince: new Date().toISOString() });
  const ownerOf = async (id: string) =>
    (await rig.sql<{ owner: string | null }>('select assignee_id as owner from conversations where id = $1', [id]))[0]
      ?.owner;
  async function owned(agent: AuthenticatedAgent, isWaiting = true): Promise<string> {
    const id = isWaiting ? await waiting() : await rig.conversation();
    await rig.testing.get(OwnershipService).claim(agent, id);
    return id;
  }
  /** So much time passes in which only these are connected. */
  async function pass(seconds: number, present: string[]): Promise<void> {
    connected = present;
    await rig.advanceClock(`${seconds} seconds`);
    await sweeper.round();
  }

  it('loses what a customer waits for after the minutes of the rule, not before, with one line and one event', async () => {
    const id = await owned(ana);
    await pass(110, [ben.id]);
    expect(await ownerOf(id)).toBe(ana.id);
    await pass(20, [ben.id]);
    expect(await ownerOf(id)).toBeNull();
    const lines = await rig.sql(
      `select actor_type, target_id from timeline_entries where conversation_id = $1 and kind = 'released'`,
      [id],
    );
    expect(lines).toEqual([{ actor_type: 'system', target_id: ana.id }]);
    const events = await rig.sql(
      `select from events where conversation_id = $1 and type = 'conversation.updated' and assignee_before = $2
         and assignee_after is null`,
      [id, ana.id],
    );
    expect(events).toHaveLength(1);
    await pass(60, [ben.id]);
    expect(
      await rig.sql(`select from timeline_entries where conversation_id = $1 and kind = 'released'`, [id]),
    ).toHaveLength(1);
  });

  it('keeps what nobody waits for, until somebody does', async () => {
    const id = await owned(ana, false);
    await pass(300, [ben.id]);
    expect(await ownerOf(id)).toBe(ana.id);
    await rig.sql('update conversations set waiting_since = app_now() where id = $1', [id]);
    await pass(0, [ben.id]);
    expect(await ownerOf(id)).toBeNull();
  });

  it('who is back in time keeps everything, and so does who claims meanwhile', async () => {
    const [kept, taken] = [await owned(ana), await owned(ana)];
    await pass(115, [ben.id]);
    await pass(3, [ana.id, ben.id]);
    await pass(100, [ana.id, ben.id]);
    expect(await ownerOf(kept)).toBe(ana.id);
    await rig.testing.get(OwnershipService).assign(ana, taken, { agentId: ben.id });
    await pass(115, [ana.id]);
    await rig.testing.get(OwnershipService).assign(ana, kept, { agentId: ben.id });
    await pass(30, [ana.id]);
    // Ben is gone for more than two minutes, but was given this one half a minute ago.
    expect([await ownerOf(kept), await ownerOf(taken)]).toEqual([ben.id, null]);
  });

  it('keeps everything where the workspace has no such rule', async () => {
    await rig.sql('update workspace set release_after_minutes = null');
    const id = await owned(ana);
    await pass(3_600, []);
    expect(await ownerOf(id)).toBe(ana.id);
  });

  it('loses nothing to an outage in which nobody could be seen', async () => {
    const id = await owned(ana);
    const see = AbsenceRepository.prototype.see;
    const repository = rig.testing.get(AbsenceRepository);
    repository.see = () => Promise.reject(new Error('the database is away'));
    // What the sweeper's timer does with a round that fails.
    await expect(pass(600, [])).rejects.toThrow();
    sweeper.noteTrouble(new Error('the database is away'));
    repository.see = see;
    await sweeper.round();
    expect(await ownerOf(id)).toBe(ana.id);
    await pass(121, []);
    expect(await ownerOf(id)).toBeNull();
  });
});
