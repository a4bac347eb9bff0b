import type { ContactDetails, Problem } from '@parley/contract';
import { contactDetailsSchema } from '@parley/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TeamsService } from '../src/agents/teams.service.js';
import { LiveClient } from './support/live-client.js';
import { OutboundRig } from './support/outbound-rig.js';
import { waitFor } from './support/wait-for.js';

describe('the customer behind a conversation', () => {
  let rig: OutboundRig;

  beforeAll(async () => {
    rig = await OutboundRig.start();
  });
  afterAll(() => rig.close());

  const get = (id: string) => rig.app.call<ContactDetails>(rig.ana, 'GET', `/conversations/${id}/contact`);
  const patch = (id: string, body: object) =>
    rig.app.call<ContactDetails & Pick<Problem, 'code'>>(rig.ana, 'PATCH', `/conversations/${id}/contact`, body);

  it('is what the team noted, and the cases so far, newest first', async () => {
    const id = await rig.thread({ inbound: ['One', 'Two'] });
    await rig.app.call(rig.ana, 'POST', `/conversations/${id}/resolve`);
    await rig.app.call(rig.ana, 'POST', `/conversations/${id}/reopen`);
    const { body } = await get(id);
    expect(contactDetailsSchema.parse(body)).toEqual(body);
    expect(body.cases.map(({ number, messageCount, resolvedBy }) => [number, messageCount, resolvedBy?.name])).toEqual([
      [2, 0, undefined],
      [1, 2, 'Ana'],
    ]);
  });

  it('is changed name by name, so that two who change different things both succeed', async () => {
    const id = await rig.thread();
    const live = await new LiveClient(rig.app.url, rig.ana.token).ready();
    await Promise.all([
      patch(id, { attributes: { Plan: 'Gold' } }),
      patch(id, { attributes: { City: 'Olinda' } }),
      patch(id, { language: 'pt-BR' }),
    ]);
    expect((await get(id)).body).toMatchObject({ language: 'pt-BR', attributes: { Plan: 'Gold', City: 'Olinda' } });
    expect((await patch(id, { attributes: { Plan: null } })).body.attributes).toEqual({ City: 'Olinda' });
    await waitFor(() => live.of('conversation:updated').length > 0, 'the other screens to hear of it');
    live.close();
  });

  it('refuses what is no language, too much, and who may not see the conversation', async () => {
    const id = await rig.thread();
    expect((await patch(id, { language: 'Portuguese!' })).status).toBe(400);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`a${String(index)}`, 'v']));
    expect((await patch(id, { attributes: many })).status).toBe(200);
    expect((await patch(id, { attributes: { more: 'v' } })).body.code).toBe('request.invalid');
    const team = await rig.app.app.get(TeamsService, { strict: false }).create('Others');
    await rig.sql('update conversations set team_id = $2 where id = $1', [id, team.id]);
    expect((await get(id)).status).toBe(404);
    expect((await patch(id, { language: 'en' })).status).toBe(404);
  });
});
