import { createWamid } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import { shownWaId } from '../state/customers.ts';
import { contactOf } from '../webhooks/envelope.ts';
import type { Happening, Scene } from './happening.ts';
import { importHistory } from './history.ts';
import { nowInSeconds, tell } from './tell.ts';

const PERSON = 'About them';
const APP = 'On the business’s own phone';
const META = 'From Meta';
const DAY_SECONDS = 24 * 3_600;

function preference({ state, customer, number }: Scene, value: 'stop' | 'resume'): void {
  const waId = shownWaId(customer);
  const who = {
    ...(waId !== undefined && { wa_id: waId }),
    ...(customer.userId !== undefined && { user_id: customer.userId }),
  };
  const detail = `User requested to ${value} marketing messages`;
  const said = { ...who, detail, category: 'marketing_messages', value, timestamp: Number(nowInSeconds()) };
  tell(state, number, 'user_preferences', { contacts: [contactOf(customer, true)], user_preferences: [said] });
}

/** Another system has the thread: what is said there is shown, and nobody here answers. */
function standby({ state, customer, number }: Scene): void {
  const waId = shownWaId(customer);
  const userId = customer.userId;
  const said = (seconds: number, direction: 'inbound' | 'outbound', body: string): Json => ({
    id: createWamid(direction, customer.key),
    timestamp: nowInSeconds(-seconds),
    type: 'text',
    text: { body },
  });
  const from = { ...(waId !== undefined && { from: waId }), ...(userId !== undefined && { from_user_id: userId }) };
  const to = { ...(waId !== undefined && { to: waId }), ...(userId !== undefined && { to_user_id: userId }) };
  tell(state, number, 'standby', {
    contacts: [contactOf(customer, true)],
    messages: [{ ...from, ...said(0, 'inbound', 'Is anyone there?') }],
    message_echoes: [
      { from: number.displayPhoneNumber, ...to, ...said(1, 'outbound', 'I am the automated assistant.') },
    ],
  });
}

/** What is told of a customer, of the business's own phone, or of the number, and is no message. */
export const newsSamples: readonly Happening[] = [
  {
    id: 'stop_marketing',
    group: PERSON,
    title: 'Stops marketing messages',
    about: 'Marketing templates are no longer welcome.',
    play: (scene) => {
      preference(scene, 'stop');
    },
  },
  {
    id: 'resume_marketing',
    group: PERSON,
    title: 'Wants marketing messages again',
    about: 'What was stopped is welcome again.',
    play: (scene) => {
      preference(scene, 'resume');
    },
  },
  {
    id: 'window_closes',
    group: PERSON,
    title: 'Has been silent for a day',
    about: 'The next answer without a template is refused (131047).',
    play: ({ customer, number }) => {
      customer.windowOpenedAt.set(number.id, Math.floor(Date.now() / 1_000) - DAY_SECONDS - 1);
    },
  },
  {
    id: 'history',
    group: APP,
    title: 'Shares its history',
    about: 'Two chunks of old messages, with reactions, an edit, a deletion and a late picture.',
    play: importHistory,
  },
  {
    id: 'history_declined',
    group: APP,
    title: 'Does not share its history',
    about: 'The owner of the phone declined.',
    play: ({ state, number }) => {
      const title = 'History sharing is turned off by the business';
      const error = { code: 2593109, title, message: title, error_data: { details: title } };
      tell(state, number, 'history', { history: [{ errors: [error] }] });
    },
  },
  {
    id: 'address_book',
    group: APP,
    title: 'Shares its address book',
    about: 'This customer under the name that the owner of the phone gave them.',
    play: ({ state, customer, number }) => {
      const contact = {
        full_name: `${customer.name} (address book)`,
        first_name: customer.name,
        ...(customer.waId !== undefined && { phone_number: customer.waId }),
        ...(customer.userId !== undefined && { user_id: customer.userId }),
      };
      const entry = { type: 'contact', contact, action: 'add', metadata: { timestamp: nowInSeconds() } };
      tell(state, number, 'smb_app_state_sync', { state_sync: [entry] });
    },
  },
  {
    id: 'standby',
    group: META,
    title: 'Another system has this chat',
    about: 'What is said there is shown and not to be answered (standby).',
    play: standby,
  },
  {
    id: 'notice',
    group: META,
    title: 'A notice without a message',
    about: 'Only an error about the number: too many messages.',
    play: ({ state, number }) => {
      const details =
        'Message failed to send because there were too many messages sent from this phone number in a short period of time';
      const title = 'Rate limit hit';
      tell(state, number, 'messages', {
        errors: [{ code: 130429, title, message: title, error_data: { details } }],
      });
    },
  },
];
