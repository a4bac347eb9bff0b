import { computed, defineComponent, h, type VNode, type VNodeArrayChildren } from 'vue';
import { parseWhatsAppText, type Block, type Inline } from './whatsapp-text.js';

const inlineTags = { bold: 'strong', italic: 'em', strike: 's' } as const;

function renderInline(nodes: Inline[]): VNodeArrayChildren {
  return nodes.map((node) => {
    switch (node.type) {
      case 'text':
        return node.text;
      case 'link':
        return h(
          'a',
          {
            href: node.href,
            target: '_blank',
            rel: 'noopener noreferrer nofollow',
            class: 'text-accent-ink underline decoration-current/40 underline-offset-2 hover:decoration-current',
          },
          node.text,
        );
      case 'mono':
        return h('span', { class: 'font-mono text-sm whitespace-pre-wrap' }, node.text);
      case 'code':
        return h('code', { class: 'rounded-sm bg-ink/8 px-1 font-mono text-sm' }, node.text);
      default:
        return h(inlineTags[node.type], renderInline(node.children));
    }
  });
}

function renderLines(lines: Inline[][]): VNodeArrayChildren {
  return lines.flatMap((line, index) => (index === 0 ? renderInline(line) : [h('br'), ...renderInline(line)]));
}

function renderBlock(block: Block): VNode {
  if (block.type === 'list') {
    return h(
      block.ordered ? 'ol' : 'ul',
      {
        start: block.ordered && block.start !== 1 ? block.start : undefined,
        class: ['ps-5', block.ordered ? 'list-decimal' : 'list-disc'],
      },
      block.items.map((item) => h('li', renderInline(item))),
    );
  }
  if (block.type === 'quote') {
    return h('blockquote', { class: 'border-s-2 border-current/30 ps-2 text-ink-2' }, renderLines(block.lines));
  }
  return h('div', renderLines(block.lines));
}

/**
 * A message's words with WhatsApp's formatting, built as nodes: no HTML is ever parsed. The slot stands inside the same
 * box, so that what is placed at its end follows the direction of the words and not of the page.
 */
export const FormattedText = defineComponent({
  name: 'FormattedText',
  props: { body: { type: String, required: true } },
  setup: (props, { slots }) => {
    const blocks = computed(() => parseWhatsAppText(props.body));
    return () => h('div', { dir: 'auto', class: 'relative' }, [blocks.value.map(renderBlock), slots.default?.()]);
  },
});
