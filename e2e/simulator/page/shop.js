import { h } from './dom.js';
import { store } from './store.js';

/** Cents, so that a sum of prices has no stray digits. */
const CENTS = 100;

const money = (cents, currency) => `${(cents / CENTS).toFixed(2)} ${currency}`;
const centsOf = ({ price }) => Math.round(price * CENTS);

/** Everything that the business sells. */
export const wholeShop = () => ({
  title: 'Shop',
  catalogId: store.shop.catalogId,
  sections: [{ ids: store.shop.products.map(({ id }) => id) }],
});

/** What a message of the business shows of its shop: one product, some in sections, or everything. */
export function shopOf({ type, action, header }) {
  const { catalog_id: catalogId } = action;
  if (type === 'product') return { title: 'Product', catalogId, sections: [{ ids: [action.product_retailer_id] }] };
  if (type !== 'product_list') return wholeShop();
  const sections = action.sections.map(({ title, product_items: items }) => ({
    title,
    ids: items.map(({ product_retailer_id: id }) => id),
  }));
  return { title: header?.text ?? 'Products', catalogId, sections };
}

/** The product of a template or of one of its cards. */
export const shopOfProduct = ({ catalogId, id }) => ({ title: 'Product', catalogId, sections: [{ ids: [id] }] });

/** The products behind a button of a template. */
export const shopOfSections = (title, sections) => ({ title, catalogId: store.shop.catalogId, sections });

/**
 * Shows products with how many of each; `send(basket)` gets `{ catalogId, text, items: [{ id, quantity }] }`, and its
 * refusal is shown in the dialog, which then stays. What the catalogue does not have cannot be ordered.
 */
export function openShop({ title, catalogId, sections }, send) {
  const known = new Map(store.shop.products.map((product) => [product.id, product]));
  const dialog = h('dialog', { class: 'sheet', 'aria-label': title });
  const error = h('p', { class: 'error', role: 'alert' });
  const total = h('output', { class: 'total' });
  const counts = [];
  const line = (id) => {
    const product = known.get(id);
    if (!product) return h('p', { class: 'note' }, h('bdi', {}, id), ' is not in the catalogue.');
    const count = h('input', {
      type: 'number',
      min: 0,
      max: 999,
      step: 1,
      value: 0,
      inputmode: 'numeric',
      required: true,
    });
    counts.push({ product, count });
    const price = h('span', { class: 'note' }, money(centsOf(product), product.currency));
    return h('label', { class: 'product' }, h('span', { dir: 'auto' }, product.name), price, count);
  };
  const note = h('input', { autocomplete: 'off', dir: 'auto', maxlength: 1000 });
  const form = h(
    'form',
    { method: 'dialog' },
    h('h2', { dir: 'auto' }, title),
    ...sections.flatMap(({ title: heading, ids }) => [
      ...(heading ? [h('h3', { dir: 'auto' }, heading)] : []),
      ...ids.map(line),
    ]),
    h('label', {}, 'A word to the order', note),
    total,
    error,
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', class: 'button quiet', onclick: () => dialog.close() }, 'Close'),
      h('button', { type: 'submit', class: 'button' }, 'Place the order'),
    ),
  );
  const chosen = () => counts.map(({ product, count }) => ({ product, quantity: Number(count.value) }));
  const showTotal = () => {
    const sum = chosen().reduce((cents, { product, quantity }) => cents + centsOf(product) * quantity, 0);
    total.textContent = `Total ${money(sum, counts[0]?.product.currency ?? '')}`;
  };
  form.addEventListener('input', showTotal);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const items = chosen()
      .filter(({ quantity }) => quantity > 0)
      .map(({ product: { id }, quantity }) => ({ id, quantity }));
    try {
      await send({ catalogId, text: note.value, items });
      dialog.close();
    } catch (failure) {
      error.textContent = failure.message;
    }
  });
  showTotal();
  dialog.append(form);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
