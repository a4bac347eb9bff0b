import { h } from './dom.js';

/** Shows the rows of a list message; `choose(row)` is called with the one that was tapped. */
export function openSheet({ label, sections }, choose) {
  const dialog = h('dialog', { class: 'sheet', 'aria-label': label });
  const rowButton = (row) =>
    h(
      'button',
      {
        type: 'button',
        class: 'row',
        dir: 'auto',
        onclick: () => {
          dialog.close();
          choose(row);
        },
      },
      row.title,
      row.description ? h('span', {}, row.description) : null,
    );
  dialog.append(h('h2', { dir: 'auto' }, label));
  for (const section of sections) {
    if (section.title) dialog.append(h('h3', { dir: 'auto' }, section.title));
    dialog.append(...section.rows.map(rowButton));
  }
  dialog.append(
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', class: 'button quiet', onclick: () => dialog.close() }, 'Close'),
    ),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
