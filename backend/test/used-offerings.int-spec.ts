import type { UsedOfferings } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../src/database/database.js';
import { UsedOfferingsRepository } from '../src/outbound/used/used-offerings.repository.js';
import { OutboundRig } from './support/outbound-rig.js';

const WABA = '318840027715907';
const body = { type: 'BODY', text: 'Have a look.' };
const buttons = (type: string) => ({ type: 'BUTTONS', buttons: [{ type, text: 'View' }] });
const TEMPLATES = {
  one: [{ type: 'HEADER', format: 'PRODUCT' }, body, buttons('SPM')],
  several: [body, buttons('MPM')],
  whole: [body, buttons('CATALOG')],
  plain: [body],
  cards: [
    body,
    {
      type: 'CAROUSEL',
      cards: [1, 2].map(() => ({ components: [{ type: 'HEADER', format: 'PRODUCT' }, buttons('SPM')] })),
    },
  ],
};

describe('what was named in messages of a number', () => {
  let rig: OutboundRig;
  let channelId: string;
  let thread: string;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    channelId = (await rig.app.given.channel({ businessAccountId: WABA })).id;
    thread = await rig.thread({ channelId, inbound: ['Hello?'] });
    for (const [name, components] of Object.entries(TEMPLATES)) {
      await rig.sql(
        `insert into message_templates (business_account_id, id, name, language, status, category, components, updated_at)
         values ($1, $2, $2, 'en_US', 'approved', 'utility', $3, now())`,
        [WABA, name, JSON.stringify(components)],
      );
    }
  });
  afterAll(() => rig.close());

  async function sends(request: object): Promise<string> {
    const clientMessageId = randomUUID();
    const answer = await rig.app.call<{ id: string }>(rig.ana, 'POST', `/conversations/${thread}/messages`, {
      clientMessageId,
      ...request,
    });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.id;
  }
  const offers = (interactive: object) => sends({ type: 'interactive', interactive });
  const sendsTemplate = (name: string, filling: object) =>
    sends({ type: 'template', template: { name, language: 'en_US', ...filling } });
  const product = (productId: string, catalogId = '6100') => ({ catalogId, productId });
  const used = async (catalog?: string, of = channelId): Promise<UsedOfferings> => {
    const query = catalog === undefined ? '' : `?catalog=${catalog}`;
    return (await rig.app.call<UsedOfferings>(rig.ana, 'GET', `/channels/${of}/used-offerings${query}`)).body;
  };

  it('is offered again, each once and the last used first: from every kind that names a product, templates too', async () => {
    expect(await used()).toEqual({ flows: [], catalogs: [], products: [] });
    await offers({ kind: 'product', ...product('P-1') });
    await offers({
      kind: 'product_list',
      header: 'Maps',
      body: 'Have a look.',
      catalogId: '6100',
      productSections: [{ productIds: ['P-2', 'P-1'] }],
    });
    await offers({ kind: 'catalog', body: 'Have a look.', productId: 'P-3' });
    await offers({ kind: 'flow', body: 'A table?', buttonText: 'Book', flow: { name: 'booking' } });
    await offers({ kind: 'location_request', body: 'Where are you?' });
    expect(await used()).toEqual({ flows: ['booking'], catalogs: ['6100'], products: ['P-3', 'P-2', 'P-1'] });

    await sendsTemplate('plain', {});
    await sendsTemplate('one', { header: { product: product('T-1') } });
    await sendsTemplate('several', { products: { sections: [{ productIds: ['T-2'] }], coverId: 'T-2' } });
    await sendsTemplate('whole', { catalog: { coverId: 'T-3' } });
    await sendsTemplate('cards', { cards: [{ product: product('T-4') }, { product: product('T-5') }] });
    expect((await used()).products).toEqual(['T-4', 'T-5', 'T-3', 'T-2', 'T-1', 'P-3', 'P-2', 'P-1']);
  });

  it('is of the catalogue that is asked for, and of this number alone', async () => {
    await offers({ kind: 'product', ...product('OTHER-1', '6200') });
    expect((await used()).catalogs).toEqual(['6200', '6100']);
    expect((await used('6100')).products).not.toContain('OTHER-1');
    expect((await used('6100')).products).toContain('T-3');
    expect((await used('6200')).products).toContain('OTHER-1');
    expect(await used(undefined, rig.channel.id)).toEqual({ flows: [], catalogs: [], products: [] });
  });

  it('leaves out what Meta refused, for it may be no product of the shop', async () => {
    const id = await offers({ kind: 'product', ...product('WRONG-1') });
    expect((await used()).products[0]).toBe('WRONG-1');
    await rig.sql(`update messages set status = 'failed', error = '{"code": 131009}' where id = $1`, [id]);
    expect((await used()).products).not.toContain('WRONG-1');
  });

  it('is found by an index of such messages alone', async () => {
    const repository = rig.app.app.get(UsedOfferingsRepository, { strict: false });
    const scans = await rig.app.database.transaction(async (tx) => {
      // Those of this connection that are not in the statistics yet.
      const counted = async (): Promise<number> => {
        const [row] = await query<{ scans: number }>(
          tx,
          `select pg_stat_get_xact_numscans('messages_offerings'::regclass)::int as scans`,
        );
        return row?.scans ?? 0;
      };
      await query(tx, 'set local enable_seqscan = off');
      const before = await counted();
      await repository.newest(tx, channelId, 10);
      return (await counted()) - before;
    });
    expect(scans).toBe(1);
  });
});
