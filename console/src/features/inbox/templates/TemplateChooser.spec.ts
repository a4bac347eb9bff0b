import type { ContactDetails, Template } from '@parley/contract';
import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import { defineComponent, h, type PropType } from 'vue';
import texts from '../../../i18n/locales/en/templates.json';
import { mountInApp, wordsOf } from '../components/testing/mount.js';
import { makeConversation } from '../components/testing/samples.js';
import type { Conversation } from '../components/types.js';
import { useEntitiesStore } from '../entities.store.js';
import TemplateChooser from './TemplateChooser.vue';
import { useTemplatesStore } from './templates.store.js';
import { useBlocks } from './use-blocks.js';

const template = (name: string, over: Partial<Template> = {}): Template => ({
  id: name,
  businessAccountId: 'w',
  name,
  language: 'en_US',
  category: 'utility',
  upcomingCategory: null,
  status: 'approved',
  statusReason: null,
  statusDetail: null,
  quality: 'green',
  parameterFormat: 'positional',
  header: null,
  body: { text: `Words of ${name}`, variables: [] },
  footer: null,
  buttons: [],
  offer: null,
  callPermissionRequest: false,
  cards: [],
  code: null,
  hasUnknownParts: false,
  blockedBy: null,
  updatedAt: '2026-11-26T12:00:00.000Z',
  ...over,
});
const details = (marketingStoppedAt: string | null): ContactDetails => ({
  contactId: 'contact',
  language: null,
  marketingStoppedAt,
  attributes: {},
  cases: [],
});

const Chooser = defineComponent({
  props: { conversation: { type: Object as PropType<Conversation>, required: true } },
  emits: ['choose'],
  setup(props, { emit }) {
    const blockOf = useBlocks(() => props.conversation);
    return () =>
      h(TemplateChooser, {
        conversation: props.conversation,
        priceOf: () => null,
        blockOf,
        query: '',
        onChoose: ({ name }: Template) => emit('choose', name),
      });
  },
});

describe('the list of templates', () => {
  const conversation = makeConversation();
  let contact: Mock<(id: string) => Promise<ContactDetails>>;
  let onChoose: Mock<(name: string) => void>;

  beforeEach(() => {
    setActivePinia(createPinia());
    vi.useFakeTimers();
    contact = vi.fn((_id: string) => Promise.resolve(details(null)));
    vi.spyOn(useEntitiesStore().api, 'contact').mockImplementation(contact);
    onChoose = vi.fn<(name: string) => void>();
    useTemplatesStore().library = {
      channelId: conversation.channel.id,
      items: [
        template('autumn_sale', { category: 'marketing' }),
        template('paused_sale', { category: 'marketing', status: 'paused', blockedBy: 'status' }),
        template('pickup'),
        template('sign_in', { category: 'authentication' }),
      ],
      syncs: [],
    };
    return () => vi.useRealTimers();
  });
  afterEach(() => {
    document.body.innerHTML = '';
  });

  async function mounted(): Promise<VueWrapper> {
    const wrapper = mountInApp(Chooser, { conversation, onChoose }, texts);
    await flushPromises();
    return wrapper;
  }
  const names = (wrapper: VueWrapper): string[] =>
    wrapper.findAll('[role=option] bdi.truncate').map((one) => one.text());
  const option = (wrapper: VueWrapper, name: string) => {
    const found = wrapper.findAll('[role=option]').find((one) => one.text().includes(name));
    if (!found) throw new Error(`no option ${name}`);
    return found;
  };

  it('offers marketing to a customer who did not say no to it', async () => {
    const wrapper = await mounted();
    expect(names(wrapper)).toEqual(['autumn_sale', 'pickup', 'sign_in', 'paused_sale']);
    await wrapper.get('[role=combobox]').trigger('keydown', { key: 'Enter' });
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('autumn_sale');
  });

  it('holds marketing back from one who did, with the reason in the option, and leaves the rest', async () => {
    contact.mockResolvedValue(details('2026-11-20T10:00:00.000Z'));
    const wrapper = await mounted();
    expect(names(wrapper)).toEqual(['pickup', 'sign_in', 'autumn_sale', 'paused_sale']);
    const sale = option(wrapper, 'autumn_sale');
    expect(sale.attributes('aria-disabled')).toBe('true');
    expect(wordsOf(sale)).toContain('Not wanted');
    expect(wordsOf(sale)).toContain('has wanted no marketing messages since');
    expect(wordsOf(sale)).toContain('2026');
    // What Meta says of the template itself goes first.
    expect(wordsOf(option(wrapper, 'paused_sale'))).toContain('paused this template');
    expect(option(wrapper, 'sign_in').attributes('aria-disabled')).toBeUndefined();

    const field = wrapper.get('[role=combobox]');
    for (let n = 0; n < 2; n += 1) await field.trigger('keydown', { key: 'ArrowDown' });
    expect(field.attributes('aria-activedescendant')).toBe(sale.attributes('id'));
    await field.trigger('keydown', { key: 'Enter' });
    await sale.trigger('click');
    expect(onChoose).not.toHaveBeenCalled();
    await field.trigger('keydown', { key: 'ArrowUp' });
    await field.trigger('keydown', { key: 'Enter' });
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('sign_in');
  });

  it('begins with what the team sends most, then with what was used here last; what is blocked stays at the end', async () => {
    const templates = useTemplatesStore();
    const items = ['bye', 'hello', 'pickup', 'survey', 'welcome'].map((name) => template(name));
    const [bye, hello, pickup, survey, welcome] = items as [Template, Template, Template, Template, Template];
    templates.library = {
      channelId: conversation.channel.id,
      items: [
        { ...bye, sends: 0 },
        hello,
        { ...pickup, sends: 7 },
        { ...survey, sends: 90, status: 'paused', blockedBy: 'status' },
        { ...welcome, sends: 12 },
      ],
      syncs: [],
    };
    templates.used(pickup);
    templates.used(bye);
    templates.used(hello);
    expect(names(await mounted())).toEqual(['welcome', 'pickup', 'hello', 'bye', 'survey']);
  });

  it('hears of a stop while it is open', async () => {
    const wrapper = await mounted();
    contact.mockResolvedValue(details('2026-11-20T10:00:00.000Z'));
    await wrapper.setProps({ conversation: { ...conversation, rev: conversation.rev + 1 } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(option(wrapper, 'autumn_sale').attributes('aria-disabled')).toBe('true');
  });

  it('offers everything where nobody can be asked what the customer wants: the server judges again', async () => {
    contact.mockRejectedValue(new TypeError('network'));
    const wrapper = await mounted();
    expect(option(wrapper, 'autumn_sale').attributes('aria-disabled')).toBeUndefined();
  });
});
