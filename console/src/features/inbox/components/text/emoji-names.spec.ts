import { expect, it } from 'vitest';
import { findEmoji } from './emoji-names.js';

const names = {
  '😀': ['grinning_face', 'smile', 'happy'],
  '😸': ['grinning_cat_with_smiling_eyes', 'animal', 'smile'],
  '😊': ['smiling_face', 'blush'],
  '👍': ['thumbs_up', 'yes', '+1', 'smiley'],
  '💔': ['broken_heart', 'sad'],
};
const found = (query: string, most = 9) => findEmoji(names, query, most).map(({ emoji }) => emoji);

it('finds by the beginning of the name, of a word in it, or of a keyword, in this order', () => {
  expect(found('smi')).toEqual(['😊', '😸', '😀', '👍']);
  expect(found('smile')).toEqual(['😀', '😸', '👍']);
  expect(found('HEART')).toEqual(['💔']);
  expect(found('+1')).toEqual(['👍']);
  expect(found('thumbs-up')).toEqual(['👍']);
  expect(found('art')).toEqual([]);
});

it('shows a handful, by the name that it is written with', () => {
  expect(findEmoji(names, 'grin', 1)).toEqual([{ emoji: '😀', name: 'grinning_face' }]);
});
