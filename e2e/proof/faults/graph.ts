import type { Fault } from '../fault.ts';
import { waitFor } from '../../topology/wait-for.ts';
import type { Rig } from '../rig.ts';

const REFUSED = 'refused-for-good';
/** Meta's bad days, by a word at the end of the reply. */
const RULES = [
  { match: { text: 'hangs' }, fault: 'hang_after_accept' },
  { match: { text: 'lost-answer' }, fault: 'reset_after' },
  { match: { text: 'lost-call' }, fault: 'reset_before' },
  { match: { text: 'slow-answer' }, fault: 'slow', delayMs: 1_200 },
  { match: { text: 'broken-answer' }, fault: 'http_503_html' },
  { match: { text: REFUSED }, fault: { code: 131026 } },
  { match: { text: 'failing' }, fault: 'http_500', count: 3 },
  { match: { text: 'again-later' }, fault: { code: 130429 }, count: 2 },
  { match: { text: 'pair-limit' }, fault: { code: 131056 }, count: 2 },
];
const BAD_WORDS = RULES.map(({ match }) => match.text);
const BAD_SHARE = 0.3;

/** By our word, or, when that is not to be trusted, by Meta's: it took what we do not know of. */
async function isUnderWay(rig: Rig): Promise<boolean> {
  if ((await rig.count(`messages where status = 'sending'`)) > 0) return true;
  const taken = (await rig.accepted()).map(({ wamid }) => wamid);
  return (await rig.count('messages where wamid = any($1)', [taken])) < taken.length;
}

/** Graph hangs, resets and fails in a third of all sends, while instances are killed with calls under way. */
export const unrulyGraph: Fault = {
  id: 'F5',
  title: 'Graph hangs, resets and fails; instances are killed with sends under way',
  target: '0 sent twice; what is ambiguous is unknown or healed by its status; nothing stuck',
  asked:
    '20,000 sends, a third of them ill-fated, 20 kills. Fewer: each send hangs or waits as long as it really would',
  async run({ rig, traffic, ledger, random, size }) {
    await rig.behave({ sends: RULES });
    ledger.refusedWord = REFUSED;
    await traffic.begin(size(24, 200));
    const kills = size(2, 10);
    const replies = size(2, 6);
    const words = random.for('words');
    const word = (): string => (words.chance(BAD_SHARE) ? words.pick(BAD_WORDS) : 'plain');
    for (const [index, bad] of BAD_WORDS.entries()) await traffic.reply(ledger.correspondences[index]!, bad);
    await traffic.while(
      async () => {
        for (let kill = 0; kill < kills; kill += 1) {
          await waitFor(() => isUnderWay(rig), 'a send under way');
          await rig.killAndRestart(kill % 2);
        }
        await waitFor(async () => {
          const rest = ledger.correspondences.filter((one) => one.replies.length < replies);
          await Promise.all(rest.map((one) => traffic.reply(one, word())));
          return rest.length === 0;
        }, 'all replies');
      },
      { word },
    );
    ledger.facts['kills'] = kills;
  },
};
