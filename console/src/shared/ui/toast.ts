/** A passing notice. `action` is its one button (Undo, Retry); `key` comes back with every event. */
export interface ToastNotice {
  key: string;
  tone?: 'neutral' | 'success' | 'error';
  title: string;
  text?: string;
  action?: { label: string; keys?: string };
  /** How long it stays; an error or a notice with an action should stay longer. */
  durationMs?: number;
}
