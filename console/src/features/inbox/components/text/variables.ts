/** `{{contact.name}}`, or with what stands there when nothing is known: `{{contact.name|there}}`. */
const VARIABLE = /\{\{\s*([a-z][\w.]*)\s*(?:\|([^{}]*))?\}\}/giu;

/** The variables that a text still holds, each once: what has to be filled in before it may be sent. */
export function missingVariables(text: string): string[] {
  if (!text.includes('{{')) return [];
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))];
}

/** Puts values in the place of variables; where there is neither value nor fallback the variable stays as it is. */
export function fillVariables(text: string, values: Readonly<Record<string, string | null | undefined>>): string {
  return text.replace(VARIABLE, (whole, name: string, fallback: string | undefined) => {
    const value = values[name.toLowerCase()]?.trim();
    return value || (fallback?.trim() ?? whole);
  });
}
