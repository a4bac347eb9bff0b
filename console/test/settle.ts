import { afterAll, vi } from 'vitest';

// A face that is fetched apart may still be on its way when its test is over; the environment must not be gone before it.
afterAll(() => vi.dynamicImportSettled());
