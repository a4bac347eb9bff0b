import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** Somebody to write to first, with what is known of them. */
export interface Addressee {
  /** With `+` and its country code. */
  phone: string;
  /** Empty = not known. */
  name: string;
}

/** Whether a customer is to be written to first, and whom: asked for from the list, the palette and shared contact cards. */
export const useBeginningStore = defineStore('beginning', () => {
  const addressee = shallowRef<Addressee | null>(null);

  return {
    /** Null while nobody is to be written to. */
    addressee,
    begin: (to: Addressee = { phone: '', name: '' }): void => void (addressee.value = to),
    end: (): void => void (addressee.value = null),
  };
});
