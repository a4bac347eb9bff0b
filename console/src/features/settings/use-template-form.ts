import type { Template } from '@parley/contract';
import { type DraftFault, type DraftProblem, templateDraftFaults } from '@parley/contract/template-rules';
import { computed, reactive, ref, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { ApiError } from '../../shared/api-error.js';
import { troubleOf, type TemplateTrouble } from './model/template-refusal.js';
import { draftOf, type WritingDraft } from './model/template-writing.js';
import { useForm } from './use-form.js';
import { useSettingsApi } from './use-settings-api.js';

interface Options {
  template: () => Template | null;
  start: () => WritingDraft;
  saved: (template: Template) => unknown;
}

/** What shows while it is written: more words do not mend it. The rest shows once a field was left, or all was tried. */
const AT_ONCE: ReadonlySet<DraftProblem> = new Set([
  'too_long',
  'too_many',
  'shape',
  'name',
  'adjacent',
  'numbering',
  'variable_name',
  'variable',
  'line_break',
  'order',
]);

const faultsOf = (draft: WritingDraft): DraftFault[] => templateDraftFaults(draftOf(draft));

/** The form that makes or changes a template: its draft, what Meta would refuse about it, and why it was refused. */
export function useTemplateForm({ template, start, saved }: Options) {
  const { t } = useI18n();
  const api = useSettingsApi();
  const touched = reactive(new Set<string>());
  const isTried = ref(false);
  const trouble = shallowRef<TemplateTrouble | null>(null);
  /** What the server alone knows to be wrong, by path. */
  const refusedFields = shallowRef<Partial<Record<string, string>>>({});
  const kept = start();

  const form = useForm<WritingDraft, Template>({
    kept: () => kept,
    save: async (draft) => {
      trouble.value = null;
      refusedFields.value = {};
      const { name, language, ...content } = draftOf(draft);
      const known = template();
      try {
        return known
          ? await api.updateTemplate(known.id, content)
          : await api.createTemplate({ channelId: draft.channelId, name, language, ...content });
      } catch (error) {
        trouble.value = troubleOf(error);
        refusedFields.value = fieldsOf(error);
        throw error;
      }
    },
    saved: (result) => {
      Object.assign(kept, JSON.parse(JSON.stringify(form.draft.value)) as WritingDraft);
      discard();
      saved(result);
    },
    check: (draft) => Object.fromEntries(faultsOf(draft).map((fault) => [fault.path, wordsOf(fault)])),
    refused: refusedWords,
  });
  const discard = (): void => form.discard();
  const faults = computed(() => faultsOf(form.draft.value));

  function refusedWords(path: string): string {
    return path.endsWith('header.fileId') ? t('making.problem.sample_type') : t('settings.field.refused');
  }
  function fieldsOf(error: unknown): Record<string, string> {
    const fields = error instanceof ApiError ? (error.problem?.fields ?? []) : [];
    return Object.fromEntries(fields.map(({ path }) => [path, refusedWords(path)]));
  }
  function wordsOf({ problem, over = 0 }: DraftFault): string {
    return problem === 'too_long' ? t('templates.fault.too_long', { n: over }, over) : t(`making.problem.${problem}`);
  }
  function errorOf(path: string): string | null {
    const fault = faults.value.find((one) => one.path === path);
    if (!fault) return refusedFields.value[path] ?? null;
    return AT_ONCE.has(fault.problem) || touched.has(path) || isTried.value ? wordsOf(fault) : null;
  }
  /** A field was left. */
  function touch(path: string): void {
    touched.add(path);
  }
  /** True once Meta has it. */
  async function submit(): Promise<boolean> {
    isTried.value = true;
    trouble.value = null;
    const isDone = await form.submit();
    // What the server says of single fields stands beside them.
    if (!isDone && form.failure.value === null) trouble.value = null;
    return isDone;
  }
  const isWrong = computed(() => isTried.value && faults.value.length > 0);

  return { ...form, errorOf, touch, trouble, isWrong, submit };
}
