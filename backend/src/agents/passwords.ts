import { hash, verify } from '@node-rs/argon2';
import { randomInt } from 'node:crypto';

/**
 * OWASP's minimum for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. It runs in libuv's
 * pool, so at most four at once.
 */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS);

/** No characters that people take for one another when they read it out. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_CHARS = 4;

/** A password of 80 bits to be told by one person to another: four groups of four, as in `h4kd-92mn-…`. */
export function generatePassword(): string {
  const group = () => Array.from({ length: GROUP_CHARS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** Checked when the account is unknown, so that both cases take the same time. */
const decoy = hashPassword('a password that nobody has');

/** Whether the password is right; null stands for an unknown account and is never right. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const isRight = await verify(passwordHash ?? (await decoy), password);
  return passwordHash !== null && isRight;
}
