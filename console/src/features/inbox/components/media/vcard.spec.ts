import { describe, expect, it } from 'vitest';
import { vcardOf } from './vcard.js';

describe('a contact card as a file', () => {
  it('has everything that the card says', () => {
    const card = vcardOf({
      name: 'Ada Larkin',
      organization: 'Larkin & Co',
      phones: [{ number: '+1 206-555-0119', label: 'CELL', waId: '12065550119' }, { number: '12' }],
      emails: [{ address: 'ada@larkin.example', label: 'work' }],
      urls: ['https://larkin.example'],
    });
    expect(card.split('\r\n')).toEqual([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'FN:Ada Larkin',
      'N:Ada Larkin;;;;',
      'ORG:Larkin & Co',
      'TEL;TYPE=CELL:+1 206-555-0119',
      'TEL:12',
      'EMAIL;TYPE=WORK:ada@larkin.example',
      'URL:https://larkin.example',
      'END:VCARD',
      '',
    ]);
  });

  it('cannot be made to say more than one thing in a line', () => {
    const card = vcardOf({
      name: 'Larkin; Ada, \\ \nTEL:1',
      phones: [{ number: '1', label: 'a:b;c' }],
      emails: [],
      urls: [],
    });
    expect(card).toContain(String.raw`FN:Larkin\; Ada\, \\ \nTEL:1`);
    expect(card).toContain('TEL;TYPE=ABC:1');
    expect(card.split('\r\n')).toHaveLength(7);
  });
});
