import type { Template, TemplateSync } from '@parley/contract';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { toErrorCode } from '../../../shared/api-error.js';
import { stored } from '../../../shared/stored.js';
import { useEntitiesStore } from '../entities.store.js';
import { fuzzyScore } from '../fuzzy.js';

const RECENT_KEPT = 20;

interface Library {
  channelId: string;
  items: readonly Template[];
  syncs: readonly TemplateSync[];
}

/** The templates of the number that is written from; a list is asked for anew whenever it is opened or has moved. */
export const useTemplatesStore = defineStore('templates', () => {
  const entities = useEntitiesStore();
  const library = shallowRef<Library | null>(null);
  const errorCode = shallowRef<string | null>(null);
  /** Names with their language, the last used first. */
  const recent = stored<string[]>('parley.templatesRecent', []);
  let asked = 0;

  async function load(channelId: string): Promise<void> {
    if (library.value?.channelId !== channelId) library.value = null;
    const mine = ++asked;
    try {
      const { items, syncs } = await entities.api.templates(channelId);
      if (mine !== asked) return;
      library.value = { channelId, items, syncs };
      errorCode.value = null;
    } catch (error) {
      // What is here goes on being offered: the server judges again.
      if (mine === asked && library.value === null) errorCode.value = toErrorCode(error);
    }
  }

  /** What fits the query: what can be sent before what cannot, then by fit, by how often all send it, by own use. */
  function find(query: string, isBlocked: (template: Template) => boolean): Template[] {
    return (library.value?.items ?? [])
      .map((template) => ({
        template,
        score: scoreOf(template, query),
        used: recent.value.indexOf(keyOf(template)),
        isBlocked: isBlocked(template),
      }))
      .filter(({ score }) => score > 0)
      .sort(
        (a, b) =>
          Number(a.isBlocked) - Number(b.isBlocked) ||
          b.score - a.score ||
          sendsOf(b.template) - sendsOf(a.template) ||
          rankOf(a.used) - rankOf(b.used),
      )
      .map(({ template }) => template);
  }

  function used(template: Template): void {
    const key = keyOf(template);
    recent.value = [key, ...recent.value.filter((known) => known !== key)].slice(0, RECENT_KEPT);
  }

  return { library, errorCode, load, find, used };
});

const keyOf = ({ name, language }: Pick<Template, 'name' | 'language'>): string => `${name} ${language}`;
const sendsOf = ({ sends = 0 }: Template): number => sends;
const rankOf = (index: number): number => (index < 0 ? RECENT_KEPT : index);

function scoreOf({ name, body, footer, header, buttons }: Template, query: string): number {
  const words = [header?.text, body.text, footer, ...buttons.map(({ text }) => text)].join(' ');
  return Math.max(
    fuzzyScore(query.replaceAll(' ', '_'), name) * 2,
    fuzzyScore(query, name) * 2,
    // Letters scattered over a whole text mean nothing.
    query.length > 2 && fuzzyScore(query, words) >= 30 ? 30 : 0,
  );
}
