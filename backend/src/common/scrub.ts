/**
 * Takes out of a text what no log may keep. The net below: callers log ids, not contents, but texts of errors come from
 * elsewhere (PostgreSQL and the JSON parser quote what they refuse, addresses carry passwords, Meta's answers anything).
 */
export function scrub(text: string): string {
  return RULES.reduce((scrubbed, [pattern, replacement]) => scrubbed.replace(pattern, replacement), text);
}

const RULES: readonly (readonly [RegExp, string])[] = [
  // PostgreSQL: invalid input syntax for type integer: "…", value "…" is out of range, malformed array literal: "…"
  [/((?:invalid input|malformed|value) [^"\n]*)"[^\n]*/g, '$1"…"'],
  [/(Unexpected (?:token|non-whitespace|end)|Bad (?:control|escaped) character)[^\n]*/g, '$1 …'],
  [/\b(Bearer|OAuth|Basic)\s+\S+/gi, '$1 …'],
  [/((?:token|secret|password|proof|authorization|api_?key)["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi, '$1…'],
  [/\bEAA[A-Za-z0-9]{8,}/g, '…'],
  [/:\/\/[^\s/@]*@/g, '://…@'],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, '…@…'],
  // A telephone number, and whatever else looks like one.
  [/(?<![\w.:-])\+?\d{8,15}(?![\w:-])/g, '…'],
];
