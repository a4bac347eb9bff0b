import type { CustomerFacts } from '../state/customers.ts';

/** A customer who is on the page from the start. */
export interface Persona extends CustomerFacts {
  name: string;
  /** What makes them worth trying, in a few words. */
  note: string;
  /** First sentences to send with one tap. */
  starters: string[];
}

/** One of each kind of identity that Meta sends; all of them are invented. */
export const personas: readonly Persona[] = [
  {
    name: 'Maren Okafor',
    waId: '12065550142',
    userId: 'US.40918837265510472219',
    note: 'Phone number and user id',
    starters: [
      'Hi! Do you still have the blue atlas in stock?',
      'What are your prices?',
      'I would like to talk to a person.',
    ],
  },
  {
    name: 'Teo',
    username: 'quietharbor.77',
    userId: 'CA.88213004517736620914',
    note: 'Username only: no phone number is shared',
    starters: ['hey, what time do you close?', 'Can you show me your portfolio?', 'Is my order ready?'],
  },
  {
    name: 'ليلى حداد',
    waId: '447700900456',
    userId: 'GB.66120934415580217734',
    note: 'Writes in Arabic',
    starters: ['مرحبًا، هل لديكم خرائط قديمة لبيروت؟', 'كم سعر الأطلس الأزرق؟', 'شكرًا جزيلًا!'],
  },
  {
    name: 'Rafael Nunes',
    waId: '553195550142',
    userId: 'BR.31904477120086653392',
    note: 'Brazil: the WhatsApp id has one digit less than the number dialled',
    starters: ['Oi! Vocês entregam em Belo Horizonte?', 'Qual é o preço do frete?', 'Quero falar com um atendente.'],
  },
];
