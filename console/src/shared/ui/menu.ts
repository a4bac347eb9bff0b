import type { Component } from 'vue';

/** One line of a `UiMenu`. `checked` makes it one of a set (exactly one of which is chosen). */
export interface MenuAction {
  type?: 'action';
  key: string;
  label: string;
  icon?: Component;
  /** Second, quieter text at the end: a time, a count. */
  hint?: string;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  checked?: boolean;
  /** The menu stays open: other entries take the place of these. */
  leadsOn?: boolean;
}

export type MenuEntry = MenuAction | { type: 'separator'; key: string } | { type: 'label'; key: string; label: string };
