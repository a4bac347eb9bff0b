import { isJson, type Json } from '../core/json.ts';
import { GraphError } from './errors.ts';

/** 131008: a parameter that the type needs is missing. */
export function missing(name: string): GraphError {
  return new GraphError(131008, `Required parameter '${name}' is missing.`);
}

/** 131009: a parameter has a value that the type does not allow. */
export function invalid(details: string): GraphError {
  return new GraphError(131009, details);
}

/** 100: a parameter of the envelope is wrong; Meta puts the sentence into the message itself. */
export function badParameter(sentence: string): GraphError {
  return new GraphError(100, undefined, { message: `(#100) ${sentence}` });
}

export function needObject(parent: Json, key: string, path: string): Json {
  const value = parent[key];
  if (value === undefined || value === null) throw missing(path);
  if (!isJson(value)) throw invalid(`'${path}' must be an object.`);
  return value;
}

/** A non-empty list within the given size. */
export function needList(parent: Json, key: string, path: string, min: number, max: number): Json[] {
  const value = parent[key];
  if (value === undefined || value === null) throw missing(path);
  if (!Array.isArray(value) || !value.every(isJson)) throw invalid(`'${path}' must be a list of objects.`);
  if (value.length < min || value.length > max) {
    throw invalid(`'${path}' length invalid. Min: ${String(min)}, Max: ${String(max)}.`);
  }
  return value;
}

/** A text that must be there, of at most `max` characters. */
export function needText(parent: Json, key: string, path: string, max: number): string {
  const value = parent[key];
  if (value === undefined || value === null) throw missing(path);
  if (typeof value !== 'string') throw invalid(`'${path}' must be a string.`);
  checkLength(value, path, 1, max);
  return value;
}

/** A text that may be absent; when it is there it has at most `max` characters. */
export function optionalText(parent: Json, key: string, path: string, max: number): string | undefined {
  const value = parent[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`'${path}' must be a string.`);
  checkLength(value, path, 0, max);
  return value;
}

function checkLength(value: string, path: string, min: number, max: number): void {
  const length = [...value].length;
  if (length < min || length > max) {
    throw invalid(`'${path}' length invalid. Min length: ${String(min)}, Max length: ${String(max)}.`);
  }
}
