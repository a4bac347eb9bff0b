/** What a browser calls itself, in the few words that people know; null when it is none that we know. */
export function deviceOf(userAgent: string | null): { name: string | null; isPhone: boolean } {
  const text = userAgent ?? '';
  const browser = firstOf(text, [
    [/\bEdg(?:A|iOS)?\//, 'Edge'],
    [/\bOPR\//, 'Opera'],
    [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
    [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
    [/\bVersion\/.*Safari\//, 'Safari'],
  ]);
  const system = firstOf(text, [
    [/\b(?:iPhone|iPod)\b/, 'iPhone'],
    [/\biPad\b/, 'iPad'],
    [/\bAndroid\b/, 'Android'],
    [/\bWindows\b/, 'Windows'],
    [/\bMac OS X\b/, 'macOS'],
    [/\bCrOS\b/, 'ChromeOS'],
    [/\bLinux\b/, 'Linux'],
  ]);
  const words = [browser, system].filter((part) => part !== null);
  return { name: words.length === 0 ? null : words.join(' · '), isPhone: system === 'iPhone' || system === 'Android' };
}

const firstOf = (text: string, known: readonly (readonly [RegExp, string])[]): string | null =>
  known.find(([pattern]) => pattern.test(text))?.[1] ?? null;
