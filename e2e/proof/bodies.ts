import { BUSINESS_ACCOUNT_ID, PHONE_NUMBER_ID } from '../topology/topology.ts';

/** A body as Meta posts it, around this value. */
export function envelope(value: object): string {
  const metadata = { display_phone_number: '12025550134', phone_number_id: PHONE_NUMBER_ID };
  const changes = [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } }];
  return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: BUSINESS_ACCOUNT_ID, changes }] });
}

interface Text {
  phone: string;
  wamid: string;
  body: string;
  /** Seconds, as Meta writes them. */
  at: number;
}

/** A customer's text as it stands in `messages`. */
export const textMessage = ({ phone, wamid, body, at }: Text): object => ({
  from: phone,
  id: wamid,
  timestamp: String(at),
  type: 'text',
  text: { body },
});

export const contactOf = (phone: string): object => ({ profile: { name: `Customer ${phone}` }, wa_id: phone });

/** A body with one text of a customer whom no ledger knows. */
export const textBody = (phone: string, more: object = {}): string =>
  envelope({
    contacts: [contactOf(phone)],
    messages: [textMessage({ phone, wamid: `wamid.other.${phone}`, body: 'Hi', at: Math.floor(Date.now() / 1_000) })],
    ...more,
  });
