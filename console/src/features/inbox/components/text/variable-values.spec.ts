import { expect, it } from 'vitest';
import { makeConversation } from '../testing/samples.js';
import { variablesOf } from './variable-values.js';

it.each([
  [{ name: 'Maria Lopez', phone: '+351912345678', username: null }, 'Maria Lopez', 'Maria'],
  [{ name: '+351912345678', phone: '+351912345678', username: null }, null, null],
  [{ name: 'pixel.fan', phone: null, username: 'pixel.fan' }, null, null],
  [{ name: 'US.4091', phone: null, username: null, bsuid: 'US.4091' }, null, null],
])('greets nobody by a number or an id: %j', (known, name, firstName) => {
  const values = variablesOf(makeConversation({ contact: { id: 'contact', ...known } }), 'Ana Silva');
  expect([values['contact.name'], values['contact.first_name']]).toEqual([name, firstName]);
});
