// What the terminal shows: one line per step with its time, and errors that say what to do.
const isTerminal = Boolean(process.stdout.isTTY);
const paint = (code, text) => (isTerminal && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text) => paint('1', text);
export const dim = (text) => paint('2', text);
export const red = (text) => paint('31', text);
export const green = (text) => paint('32', text);

// A closed pipe (`npm start | head`) must not end the supervisor before it has stopped its children.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

/** An error for the person at the keyboard: one sentence that says what to do, and the output that led to it. */
export class UserError extends Error {
  /** @param {string} sentence @param {string} [output] the tail of what the failing program wrote */
  constructor(sentence, output = '') {
    super(sentence);
    this.name = 'UserError';
    this.output = output.trim();
  }
}

export const say = (text = '') => process.stdout.write(`${text}\n`);

/** Milliseconds as people read them. */
export const seconds = (durationMs) => `${(durationMs / 1000).toFixed(1)} s`;

/**
 * Runs one step and prints its line when it is done. The action may return a remark for the line.
 * @template T
 * @param {string} label
 * @param {(remark: (text: string) => void) => Promise<T> | T} action
 * @returns {Promise<T>}
 */
export async function step(label, action) {
  const startedAt = performance.now();
  let remark = '';
  if (isTerminal) process.stdout.write(dim(`  … ${label}`));
  const line = (mark) => {
    if (isTerminal) process.stdout.write('\r\u001b[K');
    say(`${mark} ${label}${remark && ` (${remark})`}  ${dim(seconds(performance.now() - startedAt))}`);
  };
  try {
    const result = await action((text) => {
      remark = text;
    });
    line(green('✓'));
    return result;
  } catch (error) {
    line(red('✗'));
    throw error;
  }
}

/** Prints an error for people: the sentence, and below it what the program wrote; a stack only for our own mistakes. */
export function reportError(error) {
  if (!(error instanceof UserError)) {
    process.stderr.write(`\n${red('Parley could not go on:')} ${error?.stack ?? error}\n`);
    return;
  }
  process.stderr.write(`\n${red(error.message)}\n`);
  if (error.output) process.stderr.write(`\n${error.output.replace(/^/gm, '  | ')}\n`);
}
