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

/** A day at a shop for maps and atlases. Everybody and everything in it is invented. */
export const demoDay: readonly DemoThread[] = [
  {
    customer: { name: 'Maren Okafor', waId: '12065550142', userId: 'US.40918837265510472219' },
    status: 'open',
    team: 'Workshop',
    lines: [
      { minutesAgo: 41, by: 'customer', text: 'Hello! I saw the restored harbour chart in your window.' },
      { minutesAgo: 41, by: 'customer', text: 'Is it still for sale, and could you hold it until Friday?' },
      { minutesAgo: 12, by: 'customer', text: 'I can pay a deposit today if that helps 🙂' },
    ],
  },
  {
    customer: { name: 'Rafael Nunes', waId: '553195550142', userId: 'BR.31904477120086653392' },
    status: 'open',
    lines: [
      { minutesAgo: 27, by: 'customer', text: 'Oi, boa tarde! Vocês entregam em Belo Horizonte?' },
      { minutesAgo: 25, by: 'customer', text: 'Queria dois mapas da Estrada Real, tamanho A2.' },
    ],
  },
  {
    customer: { name: 'ليلى حداد', waId: '447700900456', userId: 'GB.66120934415580217734' },
    status: 'open',
    team: 'Workshop',
    owner: 'Dina',
    tags: ['framing'],
    lines: [
      { minutesAgo: 190, by: 'customer', text: 'مرحبًا، هل يمكن تأطير خريطة بيروت القديمة؟' },
      {
        minutesAgo: 183,
        by: 'Dina',
        text: 'مرحبًا ليلى! نعم، لدينا إطار من خشب البلوط أو إطار أسود رفيع. أيهما تفضلين؟',
      },
      { minutesAgo: 176, by: 'customer', text: 'خشب البلوط من فضلك. كم يستغرق ذلك؟' },
      { minutesAgo: 171, by: 'Dina', text: 'ثلاثة أيام عمل. نرسل لك صورة عندما تصبح جاهزة.', reaction: '❤️' },
      { minutesAgo: 8, by: 'customer', text: 'شكرًا! هل أصبحت جاهزة اليوم؟', quotes: 3 },
    ],
  },
  {
    customer: { name: 'Teo', username: 'quietharbor.77', userId: 'CA.88213004517736620914' },
    status: 'pending',
    lines: [
      { minutesAgo: 6, by: 'customer', text: 'hey' },
      {
        minutesAgo: 6,
        by: 'bot',
        text: 'Welcome to Lantern Books! What can we do for you?',
        buttons: menu,
        status: 'delivered',
      },
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
      { minutesAgo: 1_395, by: 'customer', text: 'My parcel LM-20418 says delivered, but nothing is here.' },
      { minutesAgo: 1_388, by: 'Chen', text: 'I am sorry, Ingrid. I have opened a search with the carrier.' },
      { minutesAgo: 1_386, by: 'customer', text: 'Thank you. It is a present for Saturday, so I am a little nervous.' },
      { minutesAgo: 320, by: 'Chen', text: 'The carrier found it at the depot. It leaves again this afternoon.' },
    ],
  },
  {
    customer: { name: 'Jonas Weber', waId: '491755550163', userId: 'DE.77120934451278' },
    status: 'open',
    team: 'Orders',
    owner: 'Chen',
    tags: ['quote'],
    lines: [
      { minutesAgo: 300, by: 'customer', text: 'Guten Tag, wir brauchen 12 Wandkarten für unser Büro.' },
      { minutesAgo: 296, by: 'bot', text: 'Thank you for your message. Our team will respond shortly.' },
      { minutesAgo: 288, by: 'Chen', text: 'Guten Tag Herr Weber! Welche Größe haben Sie im Sinn?' },
      { minutesAgo: 262, by: 'customer', text: '140 × 100 cm, auf Leinwand.' },
      { minutesAgo: 255, by: 'Chen', text: 'Das Angebot: 12 × 89 €, Lieferung in zehn Tagen.', status: 'delivered' },
    ],
  },
  {
    customer: { name: 'Priya Raman', waId: '919900550134', userId: 'IN.55120988123400' },
    status: 'open',
    owner: 'Ana',
    lines: [
      {
        minutesAgo: 140,
        by: 'customer',
        text: 'This is the corner that came torn.',
        media: { type: 'image', mimeType: 'image/jpeg', fileName: null, voice: false },
      },
      { minutesAgo: 133, by: 'Ana', text: 'Oh no. A new print goes out tomorrow, no need to send this one back.' },
      { minutesAgo: 128, by: 'customer', text: 'Wow, that was quick. Thank you!', quotes: 1 },
      {
        minutesAgo: 126,
        by: 'Ana',
        text: 'Here is the tracking page: https://example.org/track/LM-20433',
        reaction: '🙏',
      },
    ],
  },
  {
    customer: { name: 'Camille Laurent', waId: '33639980155', userId: 'FR.20988123399871' },
    status: 'open',
    owner: 'Ana',
    lines: [
      {
        minutesAgo: 95,
        by: 'customer',
        text: '',
        media: { type: 'audio', mimeType: 'audio/ogg; codecs=opus', fileName: null, voice: true },
      },
      { minutesAgo: 90, by: 'Ana', text: 'Bonjour Camille, je vous réponds dans une minute.' },
      {
        minutesAgo: 88,
        by: 'Ana',
        text: 'La carte du port est disponible en deux formats.',
        status: 'unknown',
      },
    ],
  },
  {
    customer: { name: 'Samuel Adeyemi', waId: '2348035550181', userId: 'NG.90122334455667' },
    status: 'open',
    owner: 'Dina',
    tags: ['order'],
    lines: [
      { minutesAgo: 1_700, by: 'customer', text: 'Good evening, please tell me when the globe is back in stock.' },
      {
        minutesAgo: 150,
        by: 'Dina',
        text: 'Good news, Samuel: the globe is back in stock!',
        status: 'failed',
        error: {
          code: 131_047,
          title: 'The customer service window is closed',
          detail: 'More than 24 hours have passed since the customer last wrote. Only a template can be sent.',
        },
      },
    ],
  },
  {
    customer: { name: 'Lucía Fernández', waId: '34611550127', userId: 'ES.33109922887711' },
    status: 'resolved',
    owner: 'Ben',
    tags: ['prices'],
    lines: [
      { minutesAgo: 430, by: 'customer', text: 'Hola, ¿cuánto cuesta el atlas azul?' },
      { minutesAgo: 430, by: 'bot', text: 'Our atlases start at 49 €. Shall I connect you with the team?' },
      { minutesAgo: 428, by: 'customer', text: 'Sí, por favor' },
      { minutesAgo: 420, by: 'Ben', text: '¡Hola Lucía! El atlas azul cuesta 64 €, envío incluido.' },
      { minutesAgo: 411, by: 'customer', text: 'Perfecto, lo pido en la web. ¡Gracias!' },
      { minutesAgo: 409, by: 'Ben', text: '¡Gracias a ti!', reaction: '👍' },
    ],
  },
  {
    customer: { name: 'Tom Ashdown', waId: '442079460155', userId: 'GB.10299388471020' },
    status: 'resolved',
    owner: 'Chen',
    lines: [
      { minutesAgo: 610, by: 'customer', text: 'Are you open on Sunday?' },
      { minutesAgo: 604, by: 'Chen', text: 'Yes, from 11 to 16 h. See you then!' },
      { minutesAgo: 603, by: 'customer', text: 'Brilliant, cheers' },
    ],
  },
  {
    customer: { name: 'Aylin Demir', waId: '905325550149', userId: 'TR.66710293847566' },
    status: 'snoozed',
    team: 'Workshop',
    owner: 'Ana',
    tags: ['framing'],
    lines: [
      { minutesAgo: 350, by: 'customer', text: 'Could you frame two star charts by the end of the month?' },
      { minutesAgo: 345, by: 'Ana', text: 'Gladly. I will write again tomorrow once the glass has arrived.' },
      { minutesAgo: 340, by: 'customer', text: 'Lovely, no rush.' },
    ],
  },
  {
    customer: { name: 'Marek Nowak', waId: '48601550138', userId: 'PL.44120938475512' },
    status: 'open',
    team: 'Orders',
    lines: [
      {
        minutesAgo: 64,
        by: 'customer',
        text: 'invoice-LM-20391.pdf',
        media: { type: 'document', mimeType: 'application/pdf', fileName: 'invoice-LM-20391.pdf', voice: false },
      },
      { minutesAgo: 63, by: 'customer', text: 'The VAT number on this invoice is missing. Can you send it again?' },
      { minutesAgo: 63, by: 'bot', text: 'Thank you for your message. Our team will respond shortly.' },
    ],
  },
  {
    customer: { name: 'Hanna Virtanen', waId: '358405550171', userId: 'FI.40911827364500' },
    status: 'open',
    team: 'Workshop',
    tags: ['framing'],
    lines: [
      { minutesAgo: 52, by: 'customer', text: 'Moi! My grandfather’s sea chart has a water stain in one corner.' },
      { minutesAgo: 51, by: 'customer', text: 'Can you clean it before you frame it?' },
    ],
  },
  {
    customer: { name: 'Diego Salas', waId: '525555550188', userId: 'MX.55120934871100' },
    status: 'open',
    team: 'Orders',
    tags: ['order'],
    lines: [{ minutesAgo: 18, by: 'customer', text: 'Hola, ¿todavía puedo cambiar la dirección del pedido LM-20457?' }],
  },
];
