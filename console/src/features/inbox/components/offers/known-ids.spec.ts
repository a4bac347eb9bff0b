import { describe, expect, it } from 'vitest';
import { firstCatalog, knownOf, lastForm } from './known-ids.js';

describe('ids that were used before', () => {
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

  it('begin a form: the last one of this browser, apart for each number', () => {
    lastForm('north').value = 'booking';
    expect(lastForm('north').value).toBe('booking');
    expect(lastForm('south').value).toBe('');
  });

  it('name the catalogue where Meta lists several, or none', () => {
    const [north, south] = [
      { id: '61', name: 'North' },
      { id: '62', name: 'South' },
    ];
    expect(firstCatalog([north], ['62'])).toBe('61');
    expect(firstCatalog([north, south], ['62', '61'])).toBe('62');
    expect(firstCatalog([], ['62'])).toBe('62');
    expect(firstCatalog([north, south], [])).toBe('');
  });
});
