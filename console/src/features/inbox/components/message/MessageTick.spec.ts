import { expect, it } from 'vitest';
import { mountInApp } from '../testing/mount.js';
import MessageTick from './MessageTick.vue';
import { tickOfStatus } from './ticks.js';

it('draws each step differently, whatever the colour, and says it', () => {
  const steps = ['queued', 'sent', 'delivered', 'read', 'failed', 'unknown'] as const;
  const drawn = steps.map((status) => {
    const wrapper = mountInApp(MessageTick, { tick: tickOfStatus(status) });
    const svg = wrapper.get('svg');
    const drawing = `${svg.attributes('stroke-width') ?? ''} ${svg.html().replaceAll(/class="[^"]*"/gu, '')}`;
    const words = wrapper.get('.sr-only').text();
    wrapper.unmount();
    return { drawing, words };
  });
  expect(new Set(drawn.map(({ drawing }) => drawing)).size).toBe(steps.length);
  expect(new Set(drawn.map(({ words }) => words)).size).toBe(steps.length);
});
