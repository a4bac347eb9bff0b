import { textSchema } from './common.js';
import { ADDRESS_FIELDS, ADDRESS_LIMITS as LIMITS, META_ID_MAX_CHARS } from './limits.js';
import { z } from './zod.js';

/** As WhatsApp's form takes a number of its own: digits with what people write between them. */
const PHONE_NUMBER = /^\+?\d[\d\s().-]{6,24}$/;

/** An address by Meta's own field names (Cloud API, address messages), or as much of one as is known. */
const addressValuesSchema = z
  .partialRecord(z.enum(ADDRESS_FIELDS), textSchema.trim())
  .superRefine((values, context) => {
    for (const [field, value] of Object.entries(values)) {
      const max = field === 'in_pin_code' ? LIMITS.pinCode : LIMITS.value;
      const refuse = (message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (value.length > max) refuse(`${field} must have at most ${String(max)} characters`);
      else if (field === 'phone_number' && value !== '' && !PHONE_NUMBER.test(value)) {
        refuse('phone_number must be a phone number');
      }
    }
  });

const savedAddressSchema = z.strictObject({
  /** Comes back as `saved_address_id` when the customer chooses it. */
  id: textSchema
    .trim()
    .min(1, 'the id of a saved address must not be empty')
    .max(META_ID_MAX_CHARS, `the id of a saved address must have at most ${String(META_ID_MAX_CHARS)} characters`),
  values: addressValuesSchema,
});

/**
 * What a request for an address asks with. Meta has it for businesses in India and their customers there only.
 * (Meta: Cloud API, address messages.)
 */
export const addressRequestSchema = z.strictObject({
  country: z.enum(['IN'], 'an address can be asked for in India only: the country must be IN'),
  /** Stands in the form already. */
  values: addressValuesSchema.nullish(),
  /** The customer chooses one of these instead of writing. */
  savedAddresses: z
    .array(savedAddressSchema)
    .max(LIMITS.savedAddresses, `at most ${String(LIMITS.savedAddresses)} saved addresses`)
    .refine((saved) => new Set(saved.map(({ id }) => id)).size === saved.length, 'two saved addresses have the same id')
    .nullish(),
  /** What was wrong with an address that came before: a sentence for each field. */
  validationErrors: z
    .partialRecord(
      z.enum(ADDRESS_FIELDS),
      textSchema
        .trim()
        .min(1, 'a sentence about a field must not be empty')
        .max(LIMITS.value, `a sentence about a field must have at most ${String(LIMITS.value)} characters`),
    )
    .nullish(),
});
export type AddressRequest = z.infer<typeof addressRequestSchema>;
