import type { Template } from '@parley/contract';
import { toTemplate } from '../template-parts.js';

/** An approved marketing template of these components, as Graph lists them. */
export const makeTemplate = (components: unknown[] | null, over: object = {}): Template =>
  toTemplate({
    businessAccountId: 'w',
    id: '1',
    name: 'kind',
    language: 'en_US',
    category: 'marketing',
    upcomingCategory: null,
    upcomingCategoryAt: null,
    status: 'approved',
    statusReason: null,
    statusDetail: null,
    quality: 'green',
    parameterFormat: 'positional',
    components,
    statusAt: null,
    qualityAt: null,
    categoryAt: null,
    componentsAt: null,
    toldAtOnce: {},
    updatedAt: new Date(0),
    ...over,
  });
