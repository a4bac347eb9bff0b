import { describe, expect, it } from 'vitest';
import { knownOf, rememberIds, usedIds } from './known-ids.js';
import { emptyDraft } from './offer-draft.js';

describe('ids that were used before', () => {
  it('are kept apart for each number, newest first and each once', () => {
    const shop = (catalogId: string, productId: string) => ({ ...emptyDraft(), catalogId, productId });
    rememberIds('north', 'product', shop('61', 'SKU-1'));
    rememberIds('north', 'product', shop('62', 'SKU-2'));
    rememberIds('north', 'product', shop(' 61 ', 'SKU-1'));
    rememberIds('south', 'flow', { ...emptyDraft(), flow: { form: 'booking', screen: '' } });
    expect(usedIds('north')).toEqual({ flows: [], catalogs: ['61', '62'], products: ['SKU-1', 'SKU-2'] });
    expect(usedIds('south')).toEqual({ flows: ['booking'], catalogs: [], products: [] });
  });

  it('leave alone what the kind does not use', () => {
    rememberIds('east', 'link', { ...emptyDraft(), catalogId: '61', productId: 'SKU-1' });
    expect(usedIds('east')).toEqual({ flows: [], catalogs: [], products: [] });
  });

  it('stand before those that Meta lists, with the names that it has for them', () => {
    const listed = [
      { id: '1', name: 'Booking' },
      { id: '2', name: 'Feedback' },
    ];
    expect(knownOf(['2', 'old'], listed)).toEqual([
      { id: '2', name: 'Feedback' },
      { id: 'old', name: null },
      { id: '1', name: 'Booking' },
    ]);
  });
});
