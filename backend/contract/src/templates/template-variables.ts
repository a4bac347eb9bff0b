/* The places in a template's text that every send fills. No schema here: the console takes it at any time. */

const VARIABLE = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

/** The distinct variables of a text, in order. */
export const variableNames = (text: string): string[] => [
  ...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name)),
];

/** By the variable's name, without braces. */
export type VariableValues = Readonly<Record<string, string | undefined>>;

/** A value by its own name only: `constructor` is a name like any other. */
export const valueOf = (values: VariableValues, name: string): string | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

/** Puts values in the place of variables; one without a value stays as it is. */
export const fillTemplateText = (text: string, values: VariableValues): string =>
  text.replace(VARIABLE, (whole, name: string) => valueOf(values, name) || whole);
