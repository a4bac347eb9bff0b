import type { Random } from '../proof/random.ts';

/** Skew of the vocabulary: the word of rank r is drawn about 1/r as often as the first (Zipf), as in any language. */
const FIRST_NAMES =
  `Maria Ana José João Mohammed Fatima Li Wei Sofia Lucas Emma Liam Olivia Noah Aisha Omar Priya Arjun Yuki Haruto
   Chloé Hugo Léa Louis Mateo Valentina Santiago Camila Giulia Leonardo Anna Jonas Lena Felix Zeynep Emir Elif Yusuf
   Chinwe Emeka Amara Kwame Thandi Sipho Ingrid Lars Astrid Søren Zofia Jakub Olga Dmitri Irina Andrei Ioana Mihai
   Nguyễn Linh Minh Siti Budi Dewi Agus Rahul Ananya Ravi Kavya Carlos Juan Pedro Luis Miguel Rosa Carmen Elena Paula
   Marta Inês Tiago Rui Beatriz Rafael Gabriel Laura Julia Pablo Diego Andrea Nina Eva Tom Ben Sam Max Leo Mia Zoe`.split(
    /\s+/,
  );
const LAST_NAMES =
  `Silva Santos Oliveira Souza García Rodríguez Martínez López Hernández Müller Schmidt Schneider Fischer Weber Rossi
   Russo Ferrari Dubois Martin Bernard Laurent Nowak Kowalski Wiśniewski Novák Svoboda Ivanov Petrov Yılmaz Kaya Demir
   Khan Ahmed Ali Hussain Singh Kumar Sharma Patel Gupta Wang Zhang Chen Liu Yang Tanaka Suzuki Sato Kim Park Lee Trần
   Phạm Okafor Adeyemi Mensah Dlamini Nkosi Hansen Johansen Larsen Andersson Nilsson Jansen Bakker Smith Jones Brown
   Taylor Williams Evans O'Neil MacDonald Popescu Ionescu Horváth Szabó Papadopoulos Costa Pereira Almeida Ribeiro`.split(
    /\s+/,
  );
const COMMON =
  `the you is I it my please can have order for this not when and to of in we do thank thanks hello hi yes no your me
   what was with are but on if so just still get there would like need price how much where delivery today tomorrow
   help which size colour parcel address payment invoice refund exchange size shop store open number name back stock
   hola gracias pedido por favor cuánto cuesta envío cuándo llega bom dia obrigado preço entrega quanto custa tudo bem
   guten Tag danke bitte Bestellung Lieferung wann kommt bonjour merci commande livraison combien ciao grazie ordine`.split(
    /\s+/,
  );
const SYLLABLES = 'ba ce di fo gu ha ji ko lu me ni po qua re si to vu wa xe yo za bri cla dre flo gra'.split(' ');
const INVENTED_WORDS = 20_000;

/** The nth word that no language has; every n its own. */
function invented(n: number): string {
  let rest = n;
  let word = '';
  for (let part = 0; part < 3; part += 1) {
    word += SYLLABLES[rest % SYLLABLES.length] ?? '';
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return rest > 0 ? `${word}${SYLLABLES[rest % SYLLABLES.length] ?? ''}n` : word;
}

const VOCABULARY = [...new Set([...COMMON, ...Array.from({ length: INVENTED_WORDS }, (_, n) => invented(n))])];

/** A word by Zipf's law, through the inverse of its distribution. */
export function word(random: Random): string {
  const rank = Math.floor(VOCABULARY.length ** random.next()) - 1;
  return VOCABULARY[Math.max(rank, 0)] ?? 'the';
}

export const personName = (random: Random): string =>
  `${FIRST_NAMES[skewed(random, FIRST_NAMES.length)] ?? ''} ${LAST_NAMES[skewed(random, LAST_NAMES.length)] ?? ''}`;

/** A line as customers write; one in ten names an order, whose number is nobody else's. */
export function sentence(random: Random): string {
  let text = word(random);
  for (let left = 1 + random.below(13); left > 0; left -= 1) text += ` ${word(random)}`;
  return random.chance(0.1) ? `${text} LM-${String(random.below(90_000_000) + 10_000_000)}` : text;
}

/** An index below `length`, the first ones far more often: owners, teams, numbers and names are never even. */
export const skewed = (random: Random, length: number): number => Math.floor(length * random.next() ** 2);
