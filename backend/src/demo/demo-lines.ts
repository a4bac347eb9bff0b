import { deflateSync, crc32 } from 'node:zlib';
import { type DemoCustomer, demoDay } from './demo-day.js';

/** Something a customer of the demo sends on their own: a message as it stands in Meta's `messages[]`. */
export interface LifeLine {
  customer: DemoCustomer;
  message: Record<string, unknown>;
}

const by = (name: string): DemoCustomer => {
  const found = demoDay.find(({ customer }) => customer.name === name)?.customer;
  if (!found?.waId) throw new Error(`nobody with a phone is called ${name}`);
  return found;
};
const text = (name: string, body: string): LifeLine => ({
  customer: by(name),
  message: { type: 'text', text: { body } },
});
const stranger = (name: string, waId: string, body: string): LifeLine => ({
  customer: { name, waId, userId: `XX.${waId}` },
  message: { type: 'text', text: { body } },
});

/** What is said in the course of a demo, one after the other, in the languages of its customers. */
export const storyLines: readonly LifeLine[] = [
  text('Maren Okafor', 'Could you send me a photo of the chart in daylight?'),
  stranger('Yuki Tanaka', '819012345678', 'こんにちは。海外発送はできますか?'),
  text('Rafael Nunes', 'Consigo pagar com Pix?'),
  text('ليلى حداد', 'هل يمكنني الاستلام مساء اليوم؟'),
  stranger('Olivia Brandt', '4915155550172', 'Hallo, haben Sie Seekarten der Ostsee?'),
  text('Ingrid Solheim', 'It has arrived. Thank you so much for following up!'),
  stranger('Mateo Rojas', '56955550133', 'Buenas, ¿tienen mapas de la Patagonia?'),
  text('Lucía Fernández', '¿Me puede mandar la factura del atlas?'),
  text('Marek Nowak', 'The VAT number is PL5260001246.'),
  stranger('Chloé Dubois', '33755550161', 'Bonjour, êtes-vous ouverts dimanche ?'),
  text('Priya Raman', 'The new print is perfect. Five stars!'),
  text('Tom Ashdown', 'One more thing: do you wrap gifts?'),
];

/** A location, a contact card, a picture and a document, as they really come: by Meta's ids, fetched in the background. */
export function openingLines(): LifeLine[] {
  const picture = samplePicture().toString('base64');
  return [
    {
      customer: by('Maren Okafor'),
      message: {
        type: 'image',
        image: { data: picture, mime_type: 'image/png', caption: 'This is the wall it is for.' },
      },
    },
    {
      customer: by('Rafael Nunes'),
      message: {
        type: 'location',
        location: { latitude: -19.9321, longitude: -43.9378, name: 'Praça da Liberdade', address: 'Belo Horizonte' },
      },
    },
    {
      customer: by('Jonas Weber'),
      message: {
        type: 'contacts',
        contacts: [
          {
            name: { formatted_name: 'Petra Lang', first_name: 'Petra' },
            phones: [{ phone: '+49 175 5550188', type: 'WORK', wa_id: '491755550188' }],
          },
        ],
      },
    },
    {
      customer: by('Marek Nowak'),
      message: {
        type: 'document',
        document: {
          data: samplePdf().toString('base64'),
          mime_type: 'application/pdf',
          filename: 'order-LM-20391.pdf',
        },
      },
    },
    {
      customer: by('Ingrid Solheim'),
      message: { type: 'sticker', sticker: { data: picture, mime_type: 'image/png', animated: false } },
    },
  ];
}

const WIDTH = 480;
const HEIGHT = 320;

/** A drawn harbour: sea, land, and the lines of a chart. */
function samplePicture(): Buffer {
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3));
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const coast = HEIGHT * 0.55 + Math.sin(x / 47) * 34 + Math.sin(x / 13) * 9;
      const depth = Math.abs(coast - y);
      const isLine = x % 60 === 0 || y % 60 === 0;
      const [red, green, blue] = y > coast ? [231, 220, 187] : [188 - Math.min(depth, 120) / 2, 216, 226];
      const isContour = y <= coast && depth % 28 < 1.4;
      const shade = isContour ? 0.78 : isLine ? 0.93 : 1;
      rows.set(
        [red ?? 0, green ?? 0, blue ?? 0].map((value) => Math.round(value * shade)),
        y * (1 + WIDTH * 3) + 1 + x * 3,
      );
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8); // eight bits, RGB
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** One page that says what it is. */
function samplePdf(): Buffer {
  const words = 'BT /F1 18 Tf 72 720 Td (Order LM-20391: two star charts, framed) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${words.length} >>\nstream\n${words}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`, 'latin1');
}
