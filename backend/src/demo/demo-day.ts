/** A customer of the demo shop; those of the simulator's page carry its ids, so that their threads go on. */
export interface DemoCustomer {
  name: string;
  waId?: string;
  userId?: string;
  username?: string;
}

/** The demo's staff, by first name. */
type DemoAgent = 'Ana' | 'Ben' | 'Chen' | 'Dina';

/** One line of a thread, `minutesAgo` before the first start. `by` is a customer, the bot or an agent's first name. */
export interface DemoLine {
  minutesAgo: number;
  by: 'customer' | 'bot' | DemoAgent;
  text: string;
  buttons?: { id: string; title: string }[];
  /** Of ours: how far the ticks got; `read` unless told. */
  status?: 'sent' | 'delivered' | 'read' | 'failed' | 'unknown';
  /** Of a failed one: Meta's code and words. */
  error?: { code: number; title: string; detail: string };
  /** The customer's reaction to a line of ours. */
  reaction?: string;
  /** Index of the quoted line in the same thread. */
  quotes?: number;
  media?: { type: 'image' | 'audio' | 'document'; mimeType: string; fileName: string | null; voice: boolean };
}

export interface DemoThread {
  customer: DemoCustomer;
  status: 'open' | 'pending' | 'resolved' | 'snoozed';
  owner?: DemoAgent;
  team?: DemoTeam['name'];
  tags?: string[];
  priority?: 'high' | 'urgent';
  lines: DemoLine[];
}

/** A team of the demo; its id is always the same, so that it is known again when the demo's data is removed. */
interface DemoTeam {
  id: string;
  name: 'Orders' | 'Workshop';
  members: DemoAgent[];
}

/** Who sends out what was bought, and who restores and frames. */
export const demoTeams: readonly DemoTeam[] = [
  { id: '019ac000-0000-7000-8000-00000000d001', name: 'Orders', members: ['Ben', 'Chen'] },
  { id: '019ac000-0000-7000-8000-00000000d002', name: 'Workshop', members: ['Ana', 'Dina'] },
];

const menu = [
  { id: 'prices', title: 'Prices' },
  { id: 'portfolio', title: 'Portfolio' },
  { id: 'order_status', title: 'Order status' },
];

const line = (
  minutesAgo: number,
  by: DemoLine['by'],
  text: string,
  more: Omit<DemoLine, 'minutesAgo' | 'by' | 'text'> = {},
): DemoLine => ({ minutesAgo, by, text, ...more });

/** A day at a shop for maps and atlases. Everybody and everything in it is invented. */
export const demoDay: readonly DemoThread[] = [
  {
    customer: { name: 'Maren Okafor', waId: '12065550142', userId: 'US.40918837265510472219' },
    status: 'open',
    team: 'Workshop',
    lines: [
      line(41, 'customer', 'Hello! I saw the restored harbour chart in your window.'),
      line(41, 'customer', 'Is it still for sale, and could you hold it until Friday?'),
      line(12, 'customer', 'I can pay a deposit today if that helps 🙂'),
    ],
  },
  {
    customer: { name: 'Rafael Nunes', waId: '553195550142', userId: 'BR.31904477120086653392' },
    status: 'open',
    lines: [
      line(27, 'customer', 'Oi, boa tarde! Vocês entregam em Belo Horizonte?'),
      line(25, 'customer', 'Queria dois mapas da Estrada Real, tamanho A2.'),
    ],
  },
  {
    customer: { name: 'ليلى حداد', waId: '447700900456', userId: 'GB.66120934415580217734' },
    status: 'open',
    team: 'Workshop',
    owner: 'Dina',
    tags: ['framing'],
    lines: [
      line(190, 'customer', 'مرحبًا، هل يمكن تأطير خريطة بيروت القديمة؟'),
      line(183, 'Dina', 'مرحبًا ليلى! نعم، لدينا إطار من خشب البلوط أو إطار أسود رفيع. أيهما تفضلين؟'),
      line(176, 'customer', 'خشب البلوط من فضلك. كم يستغرق ذلك؟'),
      line(171, 'Dina', 'ثلاثة أيام عمل. نرسل لك صورة عندما تصبح جاهزة.', { reaction: '❤️' }),
      line(8, 'customer', 'شكرًا! هل أصبحت جاهزة اليوم؟', { quotes: 3 }),
    ],
  },
  {
    customer: { name: 'Teo', username: 'quietharbor.77', userId: 'CA.88213004517736620914' },
    status: 'pending',
    lines: [
      line(6, 'customer', 'hey'),
      line(6, 'bot', 'Welcome to Lantern Books! What can we do for you?', { buttons: menu, status: 'delivered' }),
    ],
  },
  {
    customer: { name: 'Ingrid Solheim', waId: '4799550117', userId: 'NO.11908822345101' },
    status: 'open',
    team: 'Orders',
    owner: 'Chen',
    priority: 'urgent',
    tags: ['order', 'delivery'],
    lines: [
      line(1_395, 'customer', 'My parcel LM-20418 says delivered, but nothing is here.'),
      line(1_388, 'Chen', 'I am sorry, Ingrid. I have opened a search with the carrier.'),
      line(1_386, 'customer', 'Thank you. It is a present for Saturday, so I am a little nervous.'),
      line(320, 'Chen', 'The carrier found it at the depot. It leaves again this afternoon.'),
    ],
  },
  {
    customer: { name: 'Jonas Weber', waId: '491755550163', userId: 'DE.77120934451278' },
    status: 'open',
    team: 'Orders',
    owner: 'Chen',
    tags: ['quote'],
    lines: [
      line(300, 'customer', 'Guten Tag, wir brauchen 12 Wandkarten für unser Büro.'),
      line(296, 'bot', 'Thank you for your message. Our team will respond shortly.'),
      line(288, 'Chen', 'Guten Tag Herr Weber! Welche Größe haben Sie im Sinn?'),
      line(262, 'customer', '140 × 100 cm, auf Leinwand.'),
      line(255, 'Chen', 'Das Angebot: 12 × 89 €, Lieferung in zehn Tagen.', { status: 'delivered' }),
    ],
  },
  {
    customer: { name: 'Priya Raman', waId: '919900550134', userId: 'IN.55120988123400' },
    status: 'open',
    owner: 'Ana',
    lines: [
      line(140, 'customer', 'This is the corner that came torn.', {
        media: { type: 'image', mimeType: 'image/jpeg', fileName: null, voice: false },
      }),
      line(133, 'Ana', 'Oh no. A new print goes out tomorrow, no need to send this one back.'),
      line(128, 'customer', 'Wow, that was quick. Thank you!', { quotes: 1 }),
      line(126, 'Ana', 'Here is the tracking page: https://example.org/track/LM-20433', { reaction: '🙏' }),
    ],
  },
  {
    customer: { name: 'Camille Laurent', waId: '33639980155', userId: 'FR.20988123399871' },
    status: 'open',
    owner: 'Ana',
    lines: [
      line(95, 'customer', '', {
        media: { type: 'audio', mimeType: 'audio/ogg; codecs=opus', fileName: null, voice: true },
      }),
      line(90, 'Ana', 'Bonjour Camille, je vous réponds dans une minute.'),
      line(88, 'Ana', 'La carte du port est disponible en deux formats.', { status: 'unknown' }),
    ],
  },
  {
    customer: { name: 'Samuel Adeyemi', waId: '2348035550181', userId: 'NG.90122334455667' },
    status: 'open',
    owner: 'Dina',
    tags: ['order'],
    lines: [
      line(1_700, 'customer', 'Good evening, please tell me when the globe is back in stock.'),
      line(150, 'Dina', 'Good news, Samuel: the globe is back in stock!', {
        status: 'failed',
        error: {
          code: 131_047,
          title: 'The customer service window is closed',
          detail: 'More than 24 hours have passed since the customer last wrote. Only a template can be sent.',
        },
      }),
    ],
  },
  {
    customer: { name: 'Lucía Fernández', waId: '34611550127', userId: 'ES.33109922887711' },
    status: 'resolved',
    owner: 'Ben',
    tags: ['prices'],
    lines: [
      line(430, 'customer', 'Hola, ¿cuánto cuesta el atlas azul?'),
      line(430, 'bot', 'Our atlases start at 49 €. Shall I connect you with the team?'),
      line(428, 'customer', 'Sí, por favor'),
      line(420, 'Ben', '¡Hola Lucía! El atlas azul cuesta 64 €, envío incluido.'),
      line(411, 'customer', 'Perfecto, lo pido en la web. ¡Gracias!'),
      line(409, 'Ben', '¡Gracias a ti!', { reaction: '👍' }),
    ],
  },
  {
    customer: { name: 'Tom Ashdown', waId: '442079460155', userId: 'GB.10299388471020' },
    status: 'resolved',
    owner: 'Chen',
    lines: [
      line(610, 'customer', 'Are you open on Sunday?'),
      line(604, 'Chen', 'Yes, from 11 to 16 h. See you then!'),
      line(603, 'customer', 'Brilliant, cheers'),
    ],
  },
  {
    customer: { name: 'Aylin Demir', waId: '905325550149', userId: 'TR.66710293847566' },
    status: 'snoozed',
    team: 'Workshop',
    owner: 'Ana',
    tags: ['framing'],
    lines: [
      line(350, 'customer', 'Could you frame two star charts by the end of the month?'),
      line(345, 'Ana', 'Gladly. I will write again tomorrow once the glass has arrived.'),
      line(340, 'customer', 'Lovely, no rush.'),
    ],
  },
  {
    customer: { name: 'Marek Nowak', waId: '48601550138', userId: 'PL.44120938475512' },
    status: 'open',
    team: 'Orders',
    lines: [
      line(64, 'customer', 'invoice-LM-20391.pdf', {
        media: { type: 'document', mimeType: 'application/pdf', fileName: 'invoice-LM-20391.pdf', voice: false },
      }),
      line(63, 'customer', 'The VAT number on this invoice is missing. Can you send it again?'),
      line(63, 'bot', 'Thank you for your message. Our team will respond shortly.'),
    ],
  },
  {
    customer: { name: 'Hanna Virtanen', waId: '358405550171', userId: 'FI.40911827364500' },
    status: 'open',
    team: 'Workshop',
    tags: ['framing'],
    lines: [
      line(52, 'customer', 'Moi! My grandfather’s sea chart has a water stain in one corner.'),
      line(51, 'customer', 'Can you clean it before you frame it?'),
    ],
  },
  {
    customer: { name: 'Diego Salas', waId: '525555550188', userId: 'MX.55120934871100' },
    status: 'open',
    team: 'Orders',
    tags: ['order'],
    lines: [line(18, 'customer', 'Hola, ¿todavía puedo cambiar la dirección del pedido LM-20457?')],
  },
];
