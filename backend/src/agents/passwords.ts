import { hash, verify } from '@node-rs/argon2';

/**
 * OWASP's minimum for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. It runs in libuv's
 * pool, so at most four at once.
 */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS);

/** Checked when the account is unknown, so that both cases take the same time. */
const decoy = hashPassword('a password that nobody has');

/** Whether the password is right; null stands for an unknown account and is never right. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const isRight = await verify(passwordHash ?? (await decoy), password);
  return passwordHash !== null && isRight;
}
