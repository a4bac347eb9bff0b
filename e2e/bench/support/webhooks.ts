import { createHmac } from 'node:crypto';
import { APP_SECRET, BUSINESS_ACCOUNT_ID, PHONE_NUMBER_ID } from './instance.ts';

const WEBHOOK_PATH = '/api/webhooks/whatsapp';

/** A text message of a customer; `customer` numbers them, `text` is what they say. */
export interface InboundText {
  customer: number;
  wamid: string;
  text: string;
  /** Meta's id of the message that it answers. */
  quotes?: string;
}

/** A body as Meta posts it, with these messages. */
export function bodyOf(messages: readonly InboundText[]): Buffer {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const waId = (customer: number): string => String(12_065_000_000 + customer);
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '12025550134', phone_number_id: PHONE_NUMBER_ID },
    contacts: [...new Set(messages.map(({ customer }) => customer))].map((customer) => ({
      profile: { name: `Customer ${String(customer)}` },
      wa_id: waId(customer),
      user_id: `US.4091883726551${String(customer)}`,
    })),
    messages: messages.map(({ customer, wamid, text, quotes }) => ({
      from: waId(customer),
      from_user_id: `US.4091883726551${String(customer)}`,
      id: wamid,
      timestamp,
      type: 'text',
      text: { body: text },
      ...(quotes === undefined ? {} : { context: { from: waId(customer), id: quotes } }),
    })),
  };
  const entry = [{ id: BUSINESS_ACCOUNT_ID, changes: [{ value, field: 'messages' }] }];
  return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
}

/** A whole HTTP/1.1 request with Meta's signature, ready for a raw connection. */
export function requestOf(body: Buffer): Buffer {
  const signature = createHmac('sha256', APP_SECRET).update(body).digest('hex');
  const head = [
    `POST ${WEBHOOK_PATH} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${String(body.length)}`,
    `X-Hub-Signature-256: sha256=${signature}`,
    '\r\n',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

/** Requests with one message each, all different, prepared before the clock runs. */
export function prepareRequests(count: number, customers: number, run: string): Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    requestOf(
      bodyOf([
        {
          customer: index % customers,
          wamid: `wamid.${run}.${String(index)}`,
          text: `Message ${String(index)} of ${run}: do you still have the blue atlas in stock?`,
        },
      ]),
    ),
  );
}
