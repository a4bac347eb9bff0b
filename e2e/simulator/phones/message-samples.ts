import type { Json } from '../core/json.ts';
import type { MessageSample } from './happening.ts';

const text = (body: string, more: Json = {}): Json => ({ type: 'text', text: { body }, ...more });
const withheld = (code: number, title: string, details: string): Json[] => [
  { code, title, message: title, error_data: { details } },
];
const CATALOG_ID = '610038847722091';

/** One of each kind that Meta documents and nobody types; shapes as in its webhook reference and the payload set. */
export const messageSamples: readonly MessageSample[] = [
  {
    id: 'order',
    title: 'An order',
    about: 'Two lines of the catalogue, with a word to it.',
    message: () => ({
      type: 'order',
      order: {
        catalog_id: CATALOG_ID,
        text: 'Gift wrap please',
        product_items: [
          { product_retailer_id: 'LGB-ATLAS-07', quantity: 1, item_price: 39.9, currency: 'EUR' },
          { product_retailer_id: 'LGB-MAP-22', quantity: 3, item_price: 4.5, currency: 'EUR' },
        ],
      },
    }),
  },
  {
    id: 'address',
    title: 'An address',
    about: 'The answer to an address message.',
    message: ({ customer }) => ({
      type: 'interactive',
      interactive: {
        type: 'nfm_reply',
        nfm_reply: {
          name: 'address_message',
          body: `${customer.name}\n14 Foundry Lane`,
          response_json: JSON.stringify({
            saved_address_id: 'addr-7',
            values: { name: customer.name, in_pin_code: '400063', address: '14 Foundry Lane', city: 'Mumbai' },
          }),
        },
      },
    }),
  },
  {
    id: 'forwarded',
    title: 'A forwarded message',
    about: 'Marked as forwarded.',
    message: () => text('The library opens at nine from Monday on.', { context: { forwarded: true } }),
  },
  {
    id: 'forwarded_often',
    title: 'A message forwarded many times',
    about: 'Marked as such.',
    message: () => text('Free maps for everybody, tell your friends!', { context: { frequently_forwarded: true } }),
  },
  {
    id: 'advertisement',
    title: 'From an advertisement',
    about: 'They tapped an ad, and write: headline, picture and source come with it.',
    message: () =>
      text('Hello! I want the list', {
        referral: {
          source_url: 'https://fb.me/4kPz81qLw',
          source_id: '120233918840017726',
          source_type: 'ad',
          body: 'Autumn reading list is here',
          headline: 'Chat with a bookseller',
          media_type: 'image',
          image_url: 'https://scontent.example.net/v/t45.1/autumn.jpg',
          ctwa_clid: 'ARBx7Qe2mUo4kLpZs-9dVt0yWfHc3nGj',
        },
      }),
  },
  {
    id: 'product_question',
    title: 'About a product',
    about: '“Message business” on a product of the catalogue.',
    message: ({ number }) =>
      text('Is this available in hardcover?', {
        context: {
          from: number.displayPhoneNumber,
          referred_product: { catalog_id: CATALOG_ID, product_retailer_id: 'LGB-ATLAS-07' },
        },
      }),
  },
  {
    id: 'group',
    title: 'In a group',
    about: 'A message of a group that the number is in.',
    message: ({ number }) =>
      text('Can the group meet at six?', {
        group_id: Buffer.from(`capi_group:${number.displayPhoneNumber}:12036340`).toString('base64url'),
      }),
  },
  {
    id: 'welcome',
    title: 'Opens the chat for the first time',
    about: 'A request for a welcome: nothing was written yet.',
    message: () => ({ type: 'request_welcome' }),
  },
  {
    id: 'poll',
    title: 'A poll',
    about: 'Meta does not hand it over, and says so.',
    message: () => ({
      type: 'unsupported',
      unsupported: { type: 'poll_creation' },
      errors: withheld(131051, 'Message type unknown', 'Message type is currently not supported.'),
    }),
  },
  {
    id: 'too_big',
    title: 'A file that is too big',
    about: 'Meta has no file to give, and says why.',
    message: () => ({
      type: 'unsupported',
      unsupported: { type: 'media_placeholder' },
      errors: withheld(
        131052,
        'Media download error',
        'Media file size too big. Max file size we currently support: 100MB.',
      ),
    }),
  },
  {
    id: 'future',
    title: 'Something of the future',
    about: 'A type that does not exist today.',
    message: () => ({ type: 'hologram', hologram: { id: '7612004400000999', depth: 3 } }),
  },
];
