import { effectScope, shallowRef, watch, type ShallowRef } from 'vue';

const known = new Map<string, ShallowRef<unknown>>();
/** Outlives the component that asks first. */
const scope = effectScope(true);

/** Text is kept as it is, everything else as JSON; what cannot be read counts as not there. */
function read<Value>(key: string, initial: Value): Value {
  const text = localStorage.getItem(key);
  if (text === null) return initial;
  if (typeof initial === 'string' || initial === null) return text as Value;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return initial;
  }
}

/**
 * A value that this browser remembers: one ref for each key, written through, and following the browser's other tabs.
 * Replace objects, do not change them.
 */
export function stored<Value>(key: string, initial: Value): ShallowRef<Value> {
  const before = known.get(key) as ShallowRef<Value> | undefined;
  if (before) return before;
  const value = shallowRef(read(key, initial)) as ShallowRef<Value>;
  known.set(key, value);
  const write = (now: Value): void => {
    if (now === null || now === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, typeof now === 'string' ? now : JSON.stringify(now));
  };
  scope.run(() => watch(value, write, { flush: 'sync' }));
  window.addEventListener('storage', (event) => {
    if (event.key === key) value.value = read(key, initial);
  });
  return value;
}
