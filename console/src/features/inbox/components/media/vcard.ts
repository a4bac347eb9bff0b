import type { ContactCard } from '@parley/contract';

/** Commas, semicolons and ends of lines mean something in a card (RFC 2426, 4). */
const escaped = (text: string): string => text.replace(/[\\,;]/g, String.raw`\$&`).replace(/\r\n?|\n/g, String.raw`\n`);

const typeOf = (label: string | null | undefined): string => {
  const type = (label ?? '').replace(/[^\w-]/g, '').toUpperCase();
  return type === '' ? '' : `;TYPE=${type}`;
};

/** A contact card as a file that phones and address books take (vCard 3.0). */
export function vcardOf({ name, organization, phones, emails, urls }: ContactCard): string {
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `FN:${escaped(name)}`,
    `N:${escaped(name)};;;;`,
    ...(organization ? [`ORG:${escaped(organization)}`] : []),
    ...phones.map(({ number, label }) => `TEL${typeOf(label)}:${escaped(number)}`),
    ...emails.map(({ address, label }) => `EMAIL${typeOf(label)}:${escaped(address)}`),
    ...urls.map((url) => `URL:${escaped(url)}`),
    'END:VCARD',
    '',
  ].join('\r\n');
}

/** Hands the browser the card as a file to keep. */
export function saveCard(card: ContactCard): void {
  const address = URL.createObjectURL(new Blob([vcardOf(card)], { type: 'text/vcard' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${card.name.replace(/[\\/:*?"<>|]/g, ' ').trim() || 'card'}.vcf`;
  link.click();
  URL.revokeObjectURL(address);
}
