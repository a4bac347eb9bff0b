import { ask } from './form.js';
import { openSheet } from './sheet.js';
import { act, store } from './store.js';

/** When a failure comes: at once, or after the message was accepted. */
const WHEN = [
  { value: 'sync', label: 'Refused at once' },
  { value: 'async', label: 'Accepted, then failed' },
];

/** What a person can be, besides writing. */
function identityRows(phone) {
  const change = (identity) => act(phone.key, { identity });
  return [
    {
      title: 'Changes the phone number…',
      description: 'The same person under another number and user id.',
      run: () => ask('A new phone number', [{ name: 'phone', label: 'With country code', inputmode: 'tel' }], change),
    },
    {
      title: 'Gets another user id',
      description: 'Meta names them anew; no number comes with it.',
      run: () => change({ userId: 'new' }),
    },
    {
      title: phone.hidesNumber ? 'Shows the phone number again' : 'Hides the phone number',
      description: 'Whether webhooks name them by the user id (BSUID) alone.',
      run: () => change({ hidesNumber: !phone.hidesNumber }),
    },
  ];
}

function failNext(phone) {
  const codes = store.failures.map(({ code, title }) => ({ value: String(code), label: `${code} · ${title}` }));
  const fields = [
    { name: 'code', label: 'With the code', options: codes, value: '131026' },
    { name: 'when', label: 'When', options: WHEN },
  ];
  ask('The next message to them fails', fields, ({ code, when }) =>
    act(phone.key, { failure: { code: Number(code), async: when === 'async' } }),
  );
}

/** Everything that can happen on or around a phone and is not typed; `asBusiness(action)` acts on the business's own phone. */
export function openMore(phone, asBusiness, showError) {
  const write = ({ text }) => asBusiness({ text });
  const sections = new Map([['Who they are', identityRows(phone)]]);
  const add = (group, row) => sections.set(group, [...(sections.get(group) ?? []), row]);
  for (const { id, group, title, about } of store.happenings) {
    add(group, { title, description: about, run: () => act(phone.key, { happening: { what: id } }) });
  }
  add('On the business’s own phone', {
    title: 'Writes to them…',
    description: 'Somebody answers in the phone app, not in the team’s inbox.',
    run: () => ask('From the business’s own phone', [{ name: 'text', label: 'Message', maxlength: 4096 }], write),
  });
  add('From Meta', {
    title: 'The next message to them fails…',
    description: 'With any code of Meta’s, at once or later.',
    run: () => failNext(phone),
  });
  const list = { label: `What else happens to ${phone.name}`, sections: [] };
  for (const [title, rows] of sections) list.sections.push({ title, rows });
  openSheet(list, (row) => Promise.resolve(row.run()).catch(showError));
}
