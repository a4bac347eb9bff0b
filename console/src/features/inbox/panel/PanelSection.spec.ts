import { afterEach, expect, it } from 'vitest';
import { h } from 'vue';
import { mountInApp, wordsOf } from '../components/testing/mount.js';
import PanelSection from './PanelSection.vue';

const sectionOf = (name: string) =>
  mountInApp({ render: () => h(PanelSection, { name, title: name }, { default: () => `inside ${name}` }) }, {});

afterEach(() => {
  document.body.innerHTML = '';
});

it('closes and opens by its heading, and is found as it was left', async () => {
  const notes = sectionOf('Notes');
  const cases = sectionOf('Cases');
  const heading = notes.get('h3 button');
  expect([heading.attributes('aria-expanded'), wordsOf(notes)]).toEqual(['true', 'Notesinside Notes']);
  await heading.trigger('click');
  expect([heading.attributes('aria-expanded'), wordsOf(notes)]).toEqual(['false', 'Notes']);
  expect(wordsOf(cases)).toContain('inside Cases');

  const again = sectionOf('Notes');
  expect(wordsOf(again)).toBe('Notes');
  await again.get('h3 button').trigger('click');
  expect([wordsOf(again), wordsOf(notes)]).toEqual(['Notesinside Notes', 'Notesinside Notes']);
});
