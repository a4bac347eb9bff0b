import { expect, it } from 'vitest';
import { conversation } from '../../../../test/builders.js';
import { knownHits } from './known-hits.js';

const person = (id: string, name: string, phone: string, over = {}) =>
  conversation({ id, contact: { id, name, phone, username: null }, ...over });

const known = [
  person('jose', 'José Peña', '+34600111222', { tags: ['Refund', 'big order'], priority: 'high' }),
  person('maren', 'Maren 22', '+491700002222'),
  person('salma', 'سلمى فارس', '+201000000000', { tags: ['refund'] }),
];

it.each([
  ['jose pena', ['jose']],
  ['PEÑA', ['jose']],
  ['600 111', ['jose']],
  ['+49 170', ['maren']],
  ['22', ['jose', 'maren']],
  ['سلمى', ['salma']],
  ['tag:refund', ['jose', 'salma']],
  ['tag:"big order" jos', ['jose']],
  ['priority:high', ['jose']],
  ['big ord', ['jose']],
  ['nobody', []],
])('%j finds %j among what is known here', (search, ids) => {
  expect([...knownHits(known, search)]).toEqual(ids);
});
