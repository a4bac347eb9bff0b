import { describe, expect, it } from 'vitest';
import { type DraftRule, idOfTitle, keywordsIn, rulesIn, troublesOf } from './draft-rules.js';

const draft = (over: Partial<DraftRule> = {}): DraftRule => ({
  key: 'k',
  name: 'Prices',
  enabled: true,
  match: 'word',
  keywords: 'price, cost',
  text: 'From 25 €.',
  buttons: [],
  handOver: false,
  ...over,
});

describe('a rule under work', () => {
  it('takes keywords by comma or line, each once', () => {
    expect(keywordsIn('price,\n how much , price,, ')).toEqual(['price', 'how much']);
    expect(keywordsIn('سعر، ثمن')).toEqual(['سعر', 'ثمن']);
  });

  it('gives a new button an id that other rules can answer to', () => {
    expect(idOfTitle('Talk to us!')).toBe('talk_to_us');
    expect(idOfTitle('Où êtes-vous ?')).toBe('ou_etes_vous');
    expect(idOfTitle('👋')).toBe('button');
    const [rule] = rulesIn([draft({ buttons: [{ id: '', title: 'Order status' }] })]);
    expect(rule?.answer.buttons).toEqual([{ id: 'order_status', title: 'Order status' }]);
  });

  it('says what keeps it from being saved', () => {
    expect(troublesOf(draft())).toEqual([]);
    expect(troublesOf(draft({ name: ' ', keywords: ' , ', text: 'x'.repeat(1_025) }))).toEqual([
      'name',
      'keywords',
      'text',
    ]);
    const button = (title: string) => ({ id: '', title });
    expect(troublesOf(draft({ buttons: [button('x'.repeat(21))] }))).toEqual(['title']);
    expect(troublesOf(draft({ buttons: [button('Yes'), button('Yes')] }))).toEqual(['sameTitle']);
  });
});
