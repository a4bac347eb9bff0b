import { templateDraftFaults, templateDraftOf } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { makeTemplate as template } from './testing/samples.js';

const body = { type: 'BODY', text: 'Three for you:' };
const card = (title: string) => ({
  components: [
    { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://scontent.example/sample'] } },
    { type: 'BODY', text: `${title} for {{1}} euros`, example: { body_text: [['12']] } },
    {
      type: 'BUTTONS',
      buttons: [{ type: 'URL', text: 'See', url: 'https://l.example/{{1}}', example: ['https://l.example/b'] }],
    },
  ],
});

describe('a template as it is changed from here', () => {
  it('gives back a carousel with its samples; only the files are wanted again', () => {
    const draft = templateDraftOf(template([body, { type: 'CAROUSEL', cards: [card('Rivers'), card('Winds')] }]));
    expect(draft?.cards).toEqual(
      ['Rivers', 'Winds'].map((title) => ({
        header: { format: 'image' },
        body: { text: `${title} for {{1}} euros`, samples: { 1: '12' } },
        buttons: [{ type: 'url', text: 'See', url: 'https://l.example/{{1}}', sample: 'b' }],
      })),
    );
    expect(draft && templateDraftFaults(draft).map(({ path }) => path)).toEqual([
      'cards.0.header.fileId',
      'cards.1.header.fileId',
    ]);
  });

  it('gives back an offer', () => {
    const offer = { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Ends soon!', has_expiration: true } };
    const buttons = [
      { type: 'COPY_CODE', text: 'Copy offer code', example: ['SAVE10'] },
      { type: 'URL', text: 'To the shop', url: 'https://l.example' },
    ];
    const draft = templateDraftOf(template([offer, body, { type: 'BUTTONS', buttons }]));
    expect(draft).toMatchObject({
      offer: { text: 'Ends soon!', hasExpiration: true },
      buttons: [
        { type: 'copy_code', sample: 'SAVE10' },
        { type: 'url', url: 'https://l.example' },
      ],
    });
    expect(draft && templateDraftFaults(draft)).toEqual([]);
  });

  it('knows forms, calls, contact details and the catalogue', () => {
    const buttons = [
      { type: 'FLOW', text: 'Book', flow_id: 884100912345, flow_action: 'navigate', navigate_screen: 'START' },
      { type: 'VOICE_CALL', text: 'Call now' },
      { type: 'REQUEST_CONTACT_INFO', text: 'Share contact info' },
      { type: 'CATALOG', text: 'View catalog' },
    ];
    expect(templateDraftOf(template([body, { type: 'BUTTONS', buttons }]))?.buttons).toEqual([
      { type: 'flow', text: 'Book', flowId: '884100912345', flowScreen: 'START' },
      { type: 'call', text: 'Call now' },
      { type: 'contact_info' },
      { type: 'catalog', text: 'View catalog' },
    ]);
  });

  it.each<[string, unknown[], object]>([
    [
      'one product',
      [{ type: 'HEADER', format: 'PRODUCT' }, body, { type: 'BUTTONS', buttons: [{ type: 'SPM', text: 'View' }] }],
      { header: { format: 'product' }, buttons: [{ type: 'product' }] },
    ],
    [
      'several products',
      [
        { type: 'HEADER', format: 'TEXT', text: 'Maps' },
        body,
        { type: 'BUTTONS', buttons: [{ type: 'MPM', text: 'View items' }] },
      ],
      { header: { format: 'text', text: 'Maps' }, buttons: [{ type: 'product_list' }] },
    ],
    [
      'a carousel of products',
      [
        body,
        {
          type: 'CAROUSEL',
          cards: [1, 2].map(() => ({
            components: [
              { type: 'HEADER', format: 'PRODUCT' },
              { type: 'BUTTONS', buttons: [{ type: 'SPM', text: 'View' }] },
            ],
          })),
        },
      ],
      { cards: [1, 2].map(() => ({ header: { format: 'product' }, body: null, buttons: [{ type: 'product' }] })) },
    ],
    ['a request to call', [body, { type: 'call_permission_request' }], { callPermissionRequest: true }],
  ])('gives back %s, which may be submitted as it is', (_name, components, expected) => {
    const of = template(components);
    expect(of).toMatchObject({ blockedBy: null, hasUnknownParts: false });
    const draft = templateDraftOf(of);
    expect(draft).toMatchObject(expected);
    expect(draft && templateDraftFaults(draft)).toEqual([]);
  });

  const code = (button: object) =>
    template(
      [
        { type: 'BODY', text: '*{{1}}* is your code.' },
        { type: 'BUTTONS', buttons: [button] },
      ],
      {
        category: 'authentication',
      },
    );
  const app = { packageName: 'com.lantern.shop', signatureHash: 'K8a/AINcGX7' };

  it.each([
    [
      'in the button',
      {
        type: 'OTP',
        otp_type: 'ONE_TAP',
        text: 'Copy code',
        autofill_text: 'Fill in',
        supported_apps: [{ package_name: app.packageName, signature_hash: app.signatureHash }],
      },
    ],
    [
      'in its link',
      {
        type: 'URL',
        text: 'Copy code',
        url:
          'https://www.whatsapp.com/otp/code/?otp_type=ONE_TAP&cta_display_name=Fill+in&package_name=com.lantern.shop' +
          '&signature_hash=K8a%2FAINcGX7&code=otp{{1}}',
      },
    ],
  ])('keeps how a one-time code is handed on, which stands %s', (_where, button) => {
    expect(templateDraftOf(code(button))?.code).toMatchObject({
      buttonText: 'Copy code',
      delivery: 'one_tap',
      autofillText: 'Fill in',
      apps: [app],
    });
  });

  it.each([
    ['a component that nobody knows yet', template([body, { type: 'HOLOGRAM' }])],
    ['a button that nobody knows yet', template([body, { type: 'BUTTONS', buttons: [{ type: 'WAVE', text: 'See' }] }])],
    [
      'a form of which Meta does not tell the id',
      template([body, { type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Book' }] }]),
    ],
    [
      'a product and another button than its own',
      template([
        { type: 'HEADER', format: 'PRODUCT' },
        body,
        { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Yes' }] },
      ]),
    ],
    ['a card with something else on it', template([body, { type: 'CAROUSEL', cards: [{ components: [] }] }])],
    ['a code that is handed on in a way that nobody knows', code({ type: 'OTP', otp_type: 'TELEPATHY', text: 'Copy' })],
  ])('is left to the WhatsApp Manager with %s', (_name, of) => {
    expect(templateDraftOf(of)).toBeNull();
  });
});
