import { idSchema, textSchema } from './common.js';
import { fileKinds } from './constants.js';
import { CARD_LINE_MAX_CHARS, FILE_LINK_MAX_CHARS, PLACE_TEXT_MAX_CHARS } from './limits.js';
import { z } from './zod.js';

/** Where a file stands: still on its way from Meta, there, or given up until somebody retries. */
export const fileStates = ['waiting', 'ready', 'failed'] as const;
export type FileState = (typeof fileStates)[number];

/**
 * Why a file is not there (yet): `gone` Meta no longer has it · `too_large` · `hash` other bytes than were announced ·
 * `wrong_host` Meta named an address that is not on the allow-list · `token` Meta refuses ours · `unreachable` no usable
 * answer · `store` our own store could not take it.
 */
export const fileFailures = ['gone', 'too_large', 'hash', 'wrong_host', 'token', 'unreachable', 'store'] as const;
export type FileFailure = (typeof fileFailures)[number];

/** A file as Meta describes it in a webhook; `mediaId` is Meta's. */
export const mediaDescriptionSchema = z.object({
  mediaId: z.string().nullable(),
  mimeType: z.string().nullable(),
  sha256: z.string().nullable(),
  fileName: z.string().nullable(),
  caption: z.string().nullable(),
  voice: z.boolean(),
  animated: z.boolean(),
});
export type MediaDescription = z.infer<typeof mediaDescriptionSchema>;

/** A file of a message. While `state` is `ready` its bytes are at `GET /api/media/{id}`. */
export const mediaSchema = mediaDescriptionSchema
  .extend({
    /** Null when there never was a file to fetch. */
    id: idSchema.nullable(),
    state: z.enum(fileStates),
    /** Also while `waiting`, once a try has failed. */
    failure: z.enum(fileFailures).nullable(),
    /** Bytes. */
    size: z.int().nonnegative().nullable(),
    /** Pixels, as shown: a picture that lies on its side by its EXIF data is counted upright. */
    width: z.int().positive().nullable(),
    height: z.int().positive().nullable(),
    durationMs: z.int().nonnegative().nullable(),
    /** Loudness of a voice note recorded here, 0–100, evenly over its length. */
    waveform: z.array(z.int().min(0).max(100)).nullable(),
  })
  .meta({ id: 'Media' });
export type Media = z.infer<typeof mediaSchema>;

/** `http:` is for the machine that runs everything for a try; where it does not, the server refuses such a link itself. */
const LINK = /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/i;

/**
 * Where a file lies that is to be sent, in the place of an upload's `fileId`: an https address that needs no sign-in. The
 * server fetches it before it answers, once for each `clientMessageId`, and keeps it as an upload is kept: neither Meta nor
 * the customer learns the address.
 */
export const fileLinkSchema = textSchema
  .trim()
  .max(FILE_LINK_MAX_CHARS)
  .refine((link) => LINK.test(link) && URL.canParse(link), 'must be an address that begins with https://')
  .meta({ description: 'https address of a file; the server fetches it once, before it answers' });

/**
 * Why a file could not be fetched from its link (`media.link_failed`): `refused` no address that the server may ask, or it
 * led to one · `not_found` the other server has no such file · `timed_out` · `unreachable` no usable answer.
 */
export const linkFailures = ['refused', 'not_found', 'timed_out', 'unreachable'] as const;
export type LinkFailureReason = (typeof linkFailures)[number];

/** A place. Latitude and longitude in degrees. */
export const locationSchema = z
  .object({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: textSchema.max(PLACE_TEXT_MAX_CHARS).nullish(),
    address: textSchema.max(PLACE_TEXT_MAX_CHARS).nullish(),
  })
  .meta({ id: 'Location' });
export type Location = z.infer<typeof locationSchema>;

const line = textSchema.trim().min(1).max(CARD_LINE_MAX_CHARS);

/** An address of a contact card; every part may be missing (Meta: contacts messages). */
const cardAddressSchema = z.object({
  street: line.nullish(),
  city: line.nullish(),
  state: line.nullish(),
  zip: line.nullish(),
  country: line.nullish(),
  label: line.nullish(),
});

/** A contact card. */
export const contactCardSchema = z
  .object({
    name: line,
    organization: line.nullish(),
    phones: z.array(z.object({ number: line, label: line.nullish(), waId: z.string().max(40).nullish() })).max(20),
    emails: z.array(z.object({ address: line, label: line.nullish() })).max(20),
    urls: z.array(line).max(20),
    addresses: z.array(cardAddressSchema).max(20).optional(),
    birthday: z.iso.date('must be a day, as in 1987-04-09').nullish(),
  })
  .meta({ id: 'ContactCard' });
export type ContactCard = z.infer<typeof contactCardSchema>;

/** `POST /api/media?kind=&fileName=&waveform=`: the body is the file's bytes, whatever its content type says. */
export const uploadQuerySchema = z.object({
  kind: z.enum(fileKinds),
  fileName: textSchema.trim().min(1).max(240).optional(),
  /** Comma-separated loudness, 0–100: of a voice note. */
  waveform: z
    .string()
    .regex(/^\d{1,3}(,\d{1,3}){0,127}$/)
    .optional(),
});
export type UploadQuery = z.infer<typeof uploadQuerySchema>;

/** A file that was uploaded and can now be sent by its `id`. It is deleted when no message names it within a day. */
export const uploadedFileSchema = z
  .object({
    id: idSchema,
    kind: z.enum(fileKinds),
    fileName: z.string().nullable(),
    mimeType: z.string(),
    size: z.int(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    durationMs: z.int().nullable(),
  })
  .meta({ id: 'UploadedFile' });
export type UploadedFile = z.infer<typeof uploadedFileSchema>;
