import type { PutBotRules } from '@parley/contract';

type RuleDraft = PutBotRules['rules'][number];

const rule = (name: string, keywords: string[], answer: RuleDraft['answer'], handOver = false): RuleDraft => ({
  name,
  enabled: true,
  match: 'word',
  keywords,
  answer,
  handOver,
});

/** A first set of rules that a new number can start from: greeting, prices, portfolio, order status, a person. */
export function defaultBotRules(): RuleDraft[] {
  return [
    rule(
      'Talk to a person',
      ['talk_to_a_person', 'human', 'person', 'agent', 'representative'],
      { text: 'Of course. One of us will be with you shortly.', buttons: [] },
      true,
    ),
    rule('Prices', ['prices', 'price', 'pricing', 'cost', 'costs', 'how much', 'quote'], {
      text: 'Our prices start at $25. Tell us what you have in mind and we will send you an exact quote.',
      buttons: [
        { id: 'portfolio', title: 'Portfolio' },
        { id: 'talk_to_a_person', title: 'Talk to a person' },
      ],
    }),
    rule('Portfolio', ['portfolio', 'examples', 'catalogue', 'catalog', 'gallery'], {
      text: 'You can see our latest work at https://example.com/portfolio. What would you like to know more about?',
      buttons: [
        { id: 'prices', title: 'Prices' },
        { id: 'talk_to_a_person', title: 'Talk to a person' },
      ],
    }),
    rule('Order status', ['order_status', 'order status', 'my order', 'order', 'tracking', 'delivery', 'shipped'], {
      text: 'Please send us your order number and we will look it up right away.',
      buttons: [{ id: 'talk_to_a_person', title: 'Talk to a person' }],
    }),
    rule('Greeting', ['hello', 'hi', 'hey', 'good morning', 'good afternoon', 'good evening', 'start', '👋'], {
      text: 'Hello and welcome! How can we help you today?',
      buttons: [
        { id: 'prices', title: 'Prices' },
        { id: 'portfolio', title: 'Portfolio' },
        { id: 'order_status', title: 'Order status' },
      ],
    }),
  ];
}
