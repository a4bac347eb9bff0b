import { inject, type Component, type InjectionKey } from 'vue';

/** How the inbox shows a template and takes its file: its components stay its own, the shell puts them in place. */
export interface TemplateParts {
  Preview: Component;
  FileField: Component;
}

export const templateParts: InjectionKey<TemplateParts> = Symbol('template parts');

/** What the shell put in place; missing outside of it, which only a test could be. */
export function useTemplateParts(): TemplateParts {
  const parts = inject(templateParts);
  if (!parts) throw new Error('the shell has put no parts for templates in place');
  return parts;
}
