import type { SendMessage } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import type { Tx } from '../../database/database.js';
import { draftOf } from '../content/outbound-draft.js';
import { RecipientsService } from './recipients.service.js';

const TX = {} as Tx;
const STOPPED_AT = new Date('2026-11-20T10:00:00Z');

interface Customer {
  phone?: string;
  stoppedAt?: Date;
}

const recipients = ({ phone, stoppedAt }: Customer): RecipientsService =>
  new RecipientsService({
    hasPhone: (_tx: Tx, _id: string, callingCode?: string) =>
      Promise.resolve(phone?.startsWith(callingCode ?? '') ?? false),
    marketingStoppedAt: () => Promise.resolve(stoppedAt ?? null),
  });

const codeOf = (check: Promise<void>): Promise<unknown> =>
  check.then(
    () => null,
    (error: unknown) => (error as { code: string }).code,
  );

describe('who may get a template', () => {
  it.each<[string, Customer, { needsPhone: boolean; isMarketing: boolean }, string | null]>([
    ['anybody an ordinary one', {}, { needsPhone: false, isMarketing: false }, null],
    ['a code only who has a number', {}, { needsPhone: true, isMarketing: false }, 'message.phone_needed'],
    ['a code who has one', { phone: '14155550100' }, { needsPhone: true, isMarketing: false }, null],
    ['marketing who said nothing of it', {}, { needsPhone: false, isMarketing: true }, null],
    [
      'no marketing who wants none',
      { stoppedAt: STOPPED_AT },
      { needsPhone: false, isMarketing: true },
      'contact.marketing_stopped',
    ],
    [
      'anything else who wants no marketing',
      { stoppedAt: STOPPED_AT },
      { needsPhone: false, isMarketing: false },
      null,
    ],
  ])('%s', async (_who, customer, template, code) => {
    expect(await codeOf(recipients(customer).assertMayGetTemplate(TX, 'c', template))).toBe(code);
  });
});

type NewMessage = Exclude<SendMessage, { type: 'template' }>;

describe('who may get a request for an address', () => {
  const clientMessageId = '01a21bd1-171b-7049-96a2-000000000001';
  const text: NewMessage = { clientMessageId, type: 'text', text: { body: 'Where to?' } };
  const address: NewMessage = {
    clientMessageId,
    type: 'interactive',
    interactive: { kind: 'address_request', body: 'Where to?', address: { country: 'IN' } },
  };

  it.each<[string, Customer, NewMessage, string | null]>([
    ['a number of the country', { phone: '919876543210' }, address, null],
    ['a number of another country', { phone: '14155550100' }, address, 'message.wrong_country'],
    ['nobody without a number', {}, address, 'message.wrong_country'],
    ['anybody who is only written to', {}, text, null],
  ])('%s', async (_who, customer, request, code) => {
    expect(await codeOf(recipients(customer).assertMayGet(TX, 'c', draftOf(request)))).toBe(code);
  });
});
