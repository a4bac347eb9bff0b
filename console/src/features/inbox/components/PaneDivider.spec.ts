import { afterEach, describe, expect, it } from 'vitest';
import desk from '../../../i18n/locales/en/desk.json';
import PaneDivider from './PaneDivider.vue';
import { mountInApp } from './testing/mount.js';

/** The divider with what it last asked for as its width. */
function divider(width: number) {
  const asked: number[] = [];
  const mounted = mountInApp(
    PaneDivider,
    { modelValue: width, 'onUpdate:modelValue': (px: number) => asked.push(px) },
    desk,
  );
  return { line: mounted.get('[role=separator]'), asked };
}

afterEach(() => {
  document.body.innerHTML = '';
});

describe('the line between list and thread', () => {
  it('says how wide the list is and may be', () => {
    const { line } = divider(340);
    expect(line.attributes()).toMatchObject({
      'aria-valuenow': '340',
      'aria-valuemin': '320',
      'aria-valuemax': '380',
      'aria-label': 'Width of the list',
      tabindex: '0',
    });
  });

  it.each([
    ['ArrowRight', 350],
    ['ArrowLeft', 330],
    ['Home', 320],
    ['End', 380],
  ])('moves with %s', async (key, px) => {
    const { line, asked } = divider(340);
    await line.trigger('keydown', { key });
    expect(asked).toEqual([px]);
  });

  it('goes no further than it may, and back by a double click', async () => {
    const wide = divider(375);
    await wide.line.trigger('keydown', { key: 'ArrowRight' });
    await wide.line.trigger('dblclick');
    expect(wide.asked).toEqual([380, 360]);
  });

  it('grows the other way where the page reads from right to left', async () => {
    const { line, asked } = divider(340);
    (line.element as HTMLElement).style.direction = 'rtl';
    await line.trigger('keydown', { key: 'ArrowLeft' });
    expect(asked).toEqual([350]);
  });
});
