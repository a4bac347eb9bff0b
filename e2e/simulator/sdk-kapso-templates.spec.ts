import { TemplateDefinition, type WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Kapso, link, startKapso } from './sdk-kapso-support.ts';
import { BUSINESS_ACCOUNT_ID as businessAccountId } from './test-support.ts';

describe('@kapso/whatsapp-cloud-api: templates', () => {
  let kapso: Kapso;
  let client: WhatsAppClient;

  beforeAll(async () => {
    kapso = await startKapso();
    ({ client } = kapso);
  });
  afterAll(() => kapso.close());
  beforeEach(() => {
    kapso.webhooks.length = 0;
  });

  /** A sample for a template, by the calls that the client makes with its token for any address. */
  async function newHandle(): Promise<string> {
    const query = { file_name: 'a.png', file_length: 3, file_type: 'image/png' };
    const begun = await client.request<{ id: string }>('POST', '670843887433847/uploads', {
      query,
      responseType: 'json',
    });
    const headers = { file_offset: '0' };
    const ended = await client.fetch(`${kapso.simulator.url}/v23.0/${begun.id}`, {
      method: 'POST',
      body: 'abc',
      headers,
    });
    return ((await ended.json()) as { h: string }).h;
  }
  type Components = Parameters<typeof TemplateDefinition.buildTemplateDefinition>[0]['components'];
  const definitions: [string, 'UTILITY' | 'MARKETING' | 'AUTHENTICATION', (handle: string) => Components][] = [
    [
      'words with a header, a footer and buttons',
      'UTILITY',
      () => [
        { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { headerText: ['8841'] } },
        { type: 'BODY', text: 'Hello {{1}}, your order is here.', example: { bodyText: [['Maren']] } },
        { type: 'FOOTER', text: 'Lantern Books' },
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'QUICK_REPLY', text: 'On my way' },
            { type: 'URL', text: 'Track', url: link('{{1}}'), example: [link('8841')] },
            { type: 'PHONE_NUMBER', text: 'Call', phoneNumber: '+12025550134' },
          ],
        },
      ],
    ],
    [
      'a picture above',
      'MARKETING',
      (handle) => [
        { type: 'HEADER', format: 'IMAGE', example: { headerHandle: [handle] } },
        { type: 'BODY', text: 'New on our shelves' },
        { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', example: 'ATLAS10' }] },
      ],
    ],
    [
      'a place above, and a form',
      'UTILITY',
      () => [
        { type: 'HEADER', format: 'LOCATION' },
        { type: 'BODY', text: 'Book your table' },
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'FLOW', text: 'Book', flowId: '884100912345', flowAction: 'navigate', navigateScreen: 'START' },
          ],
        },
      ],
    ],
    [
      'the catalogue',
      'MARKETING',
      () => [
        { type: 'BODY', text: 'Browse our catalogue' },
        { type: 'BUTTONS', buttons: [{ type: 'CATALOG', text: 'View catalog' }] },
      ],
    ],
    [
      'several products',
      'MARKETING',
      () => [
        { type: 'HEADER', format: 'TEXT', text: 'Maps' },
        { type: 'BODY', text: 'Three maps for you' },
        { type: 'BUTTONS', buttons: [{ type: 'MPM', text: 'View items' }] },
      ],
    ],
    [
      'a limited-time offer',
      'MARKETING',
      () => [
        { type: 'BODY', text: 'Ten per cent off every atlas' },
        { type: 'LIMITED_TIME_OFFER', limitedTimeOffer: { text: 'Ends soon!', hasExpiration: true } },
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'COPY_CODE', example: 'ATLAS10' },
            { type: 'URL', text: 'Shop', url: link('shop') },
          ],
        },
      ],
    ],
    [
      'a carousel',
      'MARKETING',
      (handle) => [
        { type: 'BODY', text: 'Two that you will like' },
        {
          type: 'CAROUSEL',
          cards: ['Rivers', 'Winds'].map((title) => ({
            components: [
              { type: 'HEADER', format: 'IMAGE', example: { headerHandle: [handle] } },
              { type: 'BODY', text: `${title} for {{1}} euros`, example: { bodyText: [['12']] } },
              { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Keep one' }] },
            ],
          })),
        },
      ],
    ],
    [
      'a request to call',
      'UTILITY',
      () => [{ type: 'BODY', text: 'May we call you?' }, { type: 'CALL_PERMISSION_REQUEST' }],
    ],
    [
      'a code to copy',
      'AUTHENTICATION',
      () => [
        { type: 'BODY', addSecurityRecommendation: true },
        { type: 'FOOTER', codeExpirationMinutes: 10 },
        { type: 'BUTTONS', buttons: [{ type: 'OTP', otpType: 'COPY_CODE' }] },
      ],
    ],
    [
      'a code for an app',
      'AUTHENTICATION',
      () => [
        { type: 'BODY', addSecurityRecommendation: true },
        {
          type: 'BUTTONS',
          buttons: [
            {
              type: 'OTP',
              otpType: 'ONE_TAP',
              text: 'Copy',
              autofillText: 'Fill in',
              supportedApps: [{ packageName: 'com.lantern.shop', signatureHash: 'K8a/AINcGX7' }],
            },
          ],
        },
      ],
    ],
  ];

  it.each(definitions)(
    'makes a template, hears of its review and deletes it: %s',
    async (_what, category, components) => {
      const name = `kapso_${crypto.randomUUID().replaceAll('-', '_')}`;
      const definition = TemplateDefinition.buildTemplateDefinition({
        name,
        language: 'en_US',
        category,
        components: components(await newHandle()),
      });
      const made = await client.templates.create({ businessAccountId, ...definition });
      expect(made).toMatchObject({ status: 'PENDING', category });
      await vi.waitFor(() =>
        expect(kapso.webhooks.flatMap(({ raw }) => raw['messageTemplateStatusUpdate'] ?? [])).toMatchObject([
          { event: 'APPROVED', messageTemplateId: Number(made.id), messageTemplateName: name },
        ]),
      );
      const { data } = await client.templates.list({ businessAccountId, name, status: 'APPROVED', category, limit: 5 });
      expect(data).toMatchObject([{ id: made.id, name, language: 'en_US', status: 'APPROVED', category }]);
      expect(data[0]?.components?.length).toBe(definition.components.length);
      expect(await client.templates.delete({ businessAccountId, name })).toEqual({ success: true });
      expect((await client.templates.list({ businessAccountId, name })).data).toEqual([]);
    },
  );

  it('reads templates page by page', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await client.templates.list({ businessAccountId, limit: 4, ...(after !== undefined && { after }) });
      seen.push(...page.data.map(({ id }) => id));
      after = page.paging.next ? (page.paging.cursors.after ?? undefined) : undefined;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(8);
  });
});
