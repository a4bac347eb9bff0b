import path from 'node:path';

/** Tests read the contract's source, so that they need no build. */
export const contractSource = [
  {
    find: /^@parley\/contract$/,
    replacement: path.join(import.meta.dirname, 'contract/src/index.ts'),
  },
  {
    find: /^@parley\/contract\/(.+)$/,
    replacement: path.join(import.meta.dirname, 'contract/src/$1.ts'),
  },
];
