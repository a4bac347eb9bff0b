import { computed, ref, shallowRef, type Ref } from 'vue';
import { ApiError } from '../../shared/api-error.js';
import { errorText } from '../../shared/error-text.js';
import { useUnsaved } from './use-unsaved-guard.js';

export interface FormOptions<Draft, Result> {
  /** What is kept: the draft starts as a copy of it, and is dirty where it differs. */
  kept: () => Draft;
  save: (draft: Draft) => Promise<Result>;
  saved?: (result: Result) => void;
  /** Says what is wrong with one field, in the agent's language; null = nothing. Asked on blur and before saving. */
  check?: (draft: Draft) => Partial<Record<string, string | null>>;
  /** Words for a field that the server refused (`request.invalid` names the fields). */
  refused?: (field: string) => string | null;
  /** Codes that belong to one field. */
  fieldOfCode?: Readonly<Record<string, string>>;
}

const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

/** One form: a draft, whether it is dirty, what is wrong with its fields, saving and discarding. */
export function useForm<Draft extends object, Result>(options: FormOptions<Draft, Result>) {
  const draft = ref(copy(options.kept())) as Ref<Draft>;
  const errors = ref<Partial<Record<string, string>>>({});
  const failure = shallowRef<string | null>(null);
  const isSaving = shallowRef(false);
  const isDirty = computed(() => JSON.stringify(draft.value) !== JSON.stringify(options.kept()));
  useUnsaved(isDirty);

  function discard(): void {
    draft.value = copy(options.kept());
    errors.value = {};
    failure.value = null;
  }

  /** On blur: this field alone, and only once something was written. */
  function touch(field: string): void {
    const message = options.check?.(draft.value)[field] ?? null;
    errors.value = { ...errors.value, [field]: message ?? undefined };
  }

  function takeRefusal(error: unknown): void {
    const field = error instanceof ApiError ? options.fieldOfCode?.[error.code] : undefined;
    if (field !== undefined) {
      errors.value = { [field]: errorText(error) };
      return;
    }
    const named = error instanceof ApiError ? (error.problem?.fields ?? []) : [];
    const worded = named.flatMap(({ path }) => {
      const text = options.refused?.(path) ?? null;
      return text === null ? [] : [[path, text] as const];
    });
    errors.value = Object.fromEntries(worded);
    if (worded.length === 0) failure.value = errorText(error);
  }

  /** True once it is kept. */
  async function submit(): Promise<boolean> {
    if (isSaving.value) return false;
    const found = Object.entries(options.check?.(draft.value) ?? {}).filter(([, message]) => message);
    errors.value = Object.fromEntries(found) as Record<string, string>;
    failure.value = null;
    if (found.length > 0) return false;
    isSaving.value = true;
    try {
      options.saved?.(await options.save(draft.value));
      return true;
    } catch (error) {
      takeRefusal(error);
      return false;
    } finally {
      isSaving.value = false;
    }
  }

  return { draft, errors, failure, isDirty, isSaving, touch, submit, discard };
}
