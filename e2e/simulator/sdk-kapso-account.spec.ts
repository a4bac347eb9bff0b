import type { WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf, type Kapso, link, MAREN, NEW_NUMBER_ID, refusalOf, startKapso } from './sdk-kapso-support.ts';
import type { Simulator } from './simulator.ts';
import { BUSINESS_ACCOUNT_ID as businessAccountId, control, PHONE_NUMBER_ID as phoneNumberId } from './test-support.ts';

/** What came to the owner of the number by SMS. */
async function codeOf(simulator: Simulator, id: string): Promise<string> {
  const { body } = await control(simulator, 'GET', 'numbers');
  return (body['items'] as { id: string; code: string }[]).find((number) => number.id === id)?.code ?? '';
}

describe('@kapso/whatsapp-cloud-api: numbers, calls and forms', () => {
  let kapso: Kapso;
  let client: WhatsAppClient;

  beforeAll(async () => {
    kapso = await startKapso();
    ({ client } = kapso);
  });
  afterAll(() => kapso.close());

  it('verifies and registers a new number, and takes it off again', async () => {
    const { phoneNumbers } = client;
    const newNumber = { phoneNumberId: NEW_NUMBER_ID };
    expect(await refusalOf(client.messages.sendText({ ...newNumber, to: MAREN, body: 'Too soon' }))).toMatchObject({
      code: 133010,
      category: 'phoneRegistration',
    });
    const asked = { ...newNumber, codeMethod: 'SMS', language: 'en_US' } as const;
    expect(await phoneNumbers.requestCode(asked)).toEqual({ success: true });
    expect(await refusalOf(phoneNumbers.verifyCode({ ...newNumber, code: '000000' }))).toMatchObject({ code: 136025 });
    const code = await codeOf(kapso.simulator, NEW_NUMBER_ID);
    expect(await phoneNumbers.verifyCode({ ...newNumber, code })).toEqual({ success: true });
    expect(await refusalOf(phoneNumbers.requestCode(asked))).toMatchObject({ code: 136024 });
    expect(await phoneNumbers.register({ ...newNumber, pin: '000111' })).toEqual({ success: true });
    expect(idOf(await client.messages.sendText({ ...newNumber, to: MAREN, body: 'Now' }))).toMatch(/^wamid\./);
    expect(await phoneNumbers.deregister(newNumber)).toEqual({ success: true });
    expect(await refusalOf(client.messages.sendText({ ...newNumber, to: MAREN, body: 'Again' }))).toMatchObject({
      code: 133010,
    });
    expect(await refusalOf(phoneNumbers.register({ ...newNumber, pin: '999999' }))).toMatchObject({ code: 133005 });
  });

  it('changes a number’s profile and when it takes calls', async () => {
    const { businessProfile, settings } = client.phoneNumbers;
    const profile = {
      about: 'Maps and atlases',
      address: 'Rua Garrett 12, Lisbon',
      description: 'A shop for maps',
      email: 'hello@lantern.example',
      websites: [link('')],
      vertical: 'RETAIL',
    };
    expect(await businessProfile.update({ phoneNumberId, ...profile })).toEqual({ success: true });
    const fields = Object.keys(profile).join(',');
    expect((await businessProfile.get({ phoneNumberId, fields })).data).toEqual([profile]);
    expect(await refusalOf(businessProfile.update({ phoneNumberId, about: 'x'.repeat(140) }))).toMatchObject({
      code: 100,
    });
    const calling = {
      status: 'ENABLED',
      callIconVisibility: 'DEFAULT',
      callbackPermissionStatus: 'ENABLED',
      callHours: {
        status: 'ENABLED',
        timezoneId: 'Europe/Lisbon',
        weeklyOperatingHours: [{ dayOfWeek: 'MONDAY', openTime: '0900', closeTime: '1800' }],
      },
      sip: { status: 'ENABLED', servers: [{ hostname: 'sip.lantern.example', port: 5061 }] },
    };
    expect(await settings.update({ phoneNumberId, calling })).toEqual({ success: true });
    expect(await settings.get({ phoneNumberId })).toMatchObject({ calling });
    const { calling: whole } = await settings.get({ phoneNumberId, includeSipCredentials: true });
    expect(whole?.sip?.servers?.[0]?.sipUserPassword).toEqual(expect.any(String));
    expect(await refusalOf(settings.update({ phoneNumberId, calling: { status: 'PERHAPS' } }))).toMatchObject({
      code: 100,
    });
  });

  it('asks whether it may call, calls, and answers or ends calls', async () => {
    const { calls } = client;
    expect(await calls.permissions.get({ phoneNumberId, userWaId: '12065550142' })).toMatchObject({
      messagingProduct: 'whatsapp',
      permission: { status: 'no_permission' },
      actions: [
        { actionName: 'send_call_permission_request', canPerformAction: true },
        { actionName: 'start_call', canPerformAction: false },
      ],
    });
    const offer = { sdpType: 'offer', sdp: 'v=0' };
    const call = await calls.connect({ phoneNumberId, to: MAREN, session: offer, bizOpaqueCallbackData: 'call-1' });
    const callId = call.calls?.[0]?.id ?? '';
    expect(callId).toMatch(/^wacid\./);
    const session = { sdpType: 'answer', sdp: 'v=0' };
    for (const answer of [
      await calls.preAccept({ phoneNumberId, callId, session }),
      await calls.accept({ phoneNumberId, callId, session }),
      await calls.reject({ phoneNumberId, callId }),
      await calls.terminate({ phoneNumberId, callId }),
    ]) {
      expect(answer).toMatchObject({ messagingProduct: 'whatsapp', success: true });
    }
    expect(await refusalOf(calls.accept({ phoneNumberId, callId: 'nobody', session }))).toMatchObject({ code: 131008 });
  });

  const screens = [
    {
      id: 'CSAT',
      title: 'How was it?',
      terminal: true,
      layout: {
        type: 'SingleColumnLayout',
        children: [
          {
            type: 'RadioButtonsGroup',
            name: 'rating',
            label: 'Rate us',
            dataSource: [{ id: 'up', title: '👍' }],
          },
          {
            type: 'Footer',
            label: 'Send',
            onClickAction: { name: 'complete', payload: { rating: '${form.rating}' } },
          },
        ],
      },
    },
  ];
  const form = { version: '7.2', screens };
  const flowName = () => `kapso ${crypto.randomUUID()}`;

  it('deploys a form in one go', async () => {
    const name = flowName();
    const deployed = await client.flows.deploy(form, { wabaId: businessAccountId, name, publish: true, preview: true });
    expect(deployed).toMatchObject({ previewUrl: expect.stringContaining(deployed.flowId) as string });
    const fields = 'id,name,status,categories,json_version,validation_errors';
    expect(await client.flows.get({ flowId: deployed.flowId, fields })).toEqual({
      id: deployed.flowId,
      name,
      status: 'PUBLISHED',
      categories: ['OTHER'],
      jsonVersion: '7.2',
      validationErrors: [],
    });
    const { data } = await client.flows.list<{ data: { id: string }[] }>({ wabaId: businessAccountId, limit: 100 });
    expect(data.map(({ id }) => id)).toContain(deployed.flowId);
    expect(await refusalOf(client.flows.create({ wabaId: businessAccountId, name, flowJson: form }))).toMatchObject({
      code: 100,
    });
  });

  it('makes a form step by step: what is wrong with it is told, and it is published only once it is right', async () => {
    const flowJson = { version: '7.2', screens: [{ id: 'CSAT' }] };
    const created = await client.flows.create({
      wabaId: businessAccountId,
      name: flowName(),
      categories: ['SURVEY'],
      flowJson,
    });
    const flowId = created.id;
    expect(created.validationErrors).toMatchObject([
      { error: 'REQUIRED_PROPERTY_MISSING', pointers: [{ path: 'screens[0].layout' }] },
      { error: 'MISSING_TERMINAL_SCREEN' },
    ]);
    expect(await refusalOf(client.flows.publish({ flowId }))).toMatchObject({ code: 139002 });
    expect(await refusalOf(client.flows.deprecate({ flowId }))).toMatchObject({ code: 139003 });
    expect(await client.flows.updateAsset({ flowId, json: form })).toEqual({
      success: true,
      validationErrors: undefined,
    });
    const { preview } = await client.flows.preview({ flowId, interactive: true });
    expect(preview.previewUrl).toContain(flowId);
    expect(Date.parse(preview.expiresAt)).toBeGreaterThan(0);
    expect(await client.flows.publish({ flowId })).toEqual({ success: true });
    expect(await refusalOf(client.flows.updateAsset({ flowId, json: form }))).toMatchObject({ code: 139001 });
    expect(await client.flows.deprecate({ flowId })).toEqual({ success: true });
    expect(await client.flows.get({ flowId })).toMatchObject({ status: 'DEPRECATED' });
  });
});
