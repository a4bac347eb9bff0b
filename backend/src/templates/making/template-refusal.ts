import type { TemplateRefusal } from '@parley/contract';
import type { GraphReading } from '../../channels/graph-reader.js';
import { clip } from '../../common/storable.js';
import { TemplateRefusedError } from '../templates.errors.js';

const MAX_WORDS_CHARS = 1_000;

/** Meta's subcodes for what it does not take about a template (business management API, message templates, errors). */
const BY_SUBCODE: ReadonlyMap<number, TemplateRefusal> = new Map([
  [33, 'gone'],
  [2_388_019, 'limit'],
  [2_388_023, 'name_in_deletion'],
  [2_388_039, 'status_locked'],
  [2_388_040, 'too_long'],
  [2_388_047, 'header'],
  [2_388_072, 'body'],
  [2_388_073, 'footer'],
  [2_388_293, 'too_many_variables'],
  [2_388_299, 'edge_variable'],
]);
const BY_CODE: ReadonlyMap<number, TemplateRefusal> = new Map([
  [4, 'rate'],
  [10, 'permission'],
  [190, 'token'],
  [200, 'permission'],
  [80_007, 'rate'],
  [80_008, 'rate'],
]);

/** "There is content in this language already": of one name and language Meta has one template. */
export const EXISTS = 2_388_024;

type Refused = Extract<GraphReading, { kind: 'refused' }>;

/** The refusal in words that a person can act upon, with Meta's own beside them. */
export function refusalOf({ code, subcode, message, userMessage }: Refused): TemplateRefusedError {
  const reason = BY_SUBCODE.get(subcode ?? 0) ?? BY_CODE.get(code) ?? 'other';
  return new TemplateRefusedError({
    reason,
    metaCode: code,
    metaSubcode: subcode,
    metaMessage: clip(userMessage ?? message, MAX_WORDS_CHARS),
  });
}
