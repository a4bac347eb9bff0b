import { z } from 'zod';

// Without this zod probes `new Function` when the first schema is made, which a strict CSP reports as a violation.
z.config({ jitless: true });

export { z };
