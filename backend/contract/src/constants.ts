/*
 * Plain values that the browser needs as well. This file must not import a schema: the console takes it as
 * `@parley/contract/constants` so that no schema library lands in its bundle.
 */

/** Meta's limit for a text body, in characters (Cloud API, text messages). */
export const TEXT_BODY_MAX_CHARS = 4_096;

/** Longest private note, in characters. */
export const NOTE_MAX_CHARS = 4_096;

/** Longest tag, and most tags of one conversation. */
export const TAG_MAX_CHARS = 40;
export const TAGS_MAX = 20;

/** Most attributes that the team can keep of one customer. */
export const ATTRIBUTES_MAX = 50;

/** Longest time a message can be held back for its sender to think again. */
export const UNDO_SEND_MAX_SECONDS = 30;
/** For so long whoever acted on a conversation may take the act back. */
export const UNDO_ACT_SECONDS = 60;

/** Seconds between two heartbeats, and after how many without one a lease is gone. */
export const HEARTBEAT_SECONDS = 15;
export const PRESENCE_LEASE_SECONDS = 40;

/** The types of the durable events, in no order; `DurablePayloads` has what each brings. */
export const durableEventTypes = [
  'conversation:updated',
  'message:created',
  'message:updated',
  'timeline:created',
  'conversation:hidden',
  'conversation:merged',
  'read:updated',
  'note:created',
  'note:updated',
  'mention:created',
  'draft:updated',
  'templates:changed',
  'channels:changed',
  'notifications:updated',
] as const;

const MEGABYTE = 1_024 * 1_024;

/** What can be uploaded to be sent; a `voice` note is an audio file that phones show with a waveform. */
export const fileKinds = ['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const;
export type FileKind = (typeof fileKinds)[number];

/** What Meta takes of each kind (Cloud API, media, supported types), largest size in bytes. */
export const FILE_LIMITS: Readonly<Record<FileKind, { maxBytes: number; mimeTypes: readonly string[] }>> = {
  image: { maxBytes: 5 * MEGABYTE, mimeTypes: ['image/jpeg', 'image/png'] },
  video: { maxBytes: 16 * MEGABYTE, mimeTypes: ['video/mp4', 'video/3gpp'] },
  audio: {
    maxBytes: 16 * MEGABYTE,
    mimeTypes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
  },
  voice: { maxBytes: 16 * MEGABYTE, mimeTypes: ['audio/ogg'] },
  document: {
    maxBytes: 100 * MEGABYTE,
    mimeTypes: [
      'application/pdf',
      'text/plain',
      'application/msword',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.ms-excel',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.ms-powerpoint',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
  },
  sticker: { maxBytes: 500 * 1_024, mimeTypes: ['image/webp'] },
};
/** A sticker that does not move has less room than one that does. */
export const STILL_STICKER_MAX_BYTES = 100 * 1_024;

/** Of the label that says what a message is sent for, in characters; our own. */
export const CAMPAIGN_MAX_CHARS = 64;

/** Meta's limit for the caption of a picture, video or document, in characters. */
export const CAPTION_MAX_CHARS = 1_024;

/** Meta's limits of a filled template, in characters (message templates, components). */
export const TEMPLATE_HEADER_MAX_CHARS = 60;
export const TEMPLATE_BODY_MAX_CHARS = 1_024;
export const TEMPLATE_URL_MAX_CHARS = 2_000;
export const TEMPLATE_CODE_MAX_CHARS = 15;
export const TEMPLATE_PAYLOAD_MAX_CHARS = 256;
export const TEMPLATE_CARD_BODY_MAX_CHARS = 160;
/** Cards that a carousel may have at least and at most, and buttons on each (Meta: media card carousel templates). */
export const TEMPLATE_CARDS_MIN = 2;
export const TEMPLATE_CARDS_MAX = 10;
export const TEMPLATE_CARD_BUTTONS_MAX = 2;
/** Of a limited-time offer: its heading and its words (Meta: limited-time offer templates). */
export const TEMPLATE_OFFER_MAX_CHARS = 16;
export const TEMPLATE_OFFER_BODY_MAX_CHARS = 600;
/** Meta's limits of a template that is made (business management API, message templates). */
export const TEMPLATE_NAME_MAX_CHARS = 512;
export const TEMPLATE_FOOTER_MAX_CHARS = 60;
export const TEMPLATE_BUTTON_MAX_CHARS = 25;
export const TEMPLATE_PHONE_MAX_CHARS = 20;
export const TEMPLATE_BUTTONS_MAX = 10;
export const TEMPLATE_URL_BUTTONS_MAX = 2;
export const TEMPLATE_FLOW_MAX_CHARS = 200;
/** For so long at most a one-time code may be said to hold. */
export const TEMPLATE_MINUTES_MAX = 90;
/** Apps that a one-time code may be handed to. */
export const TEMPLATE_APPS_MAX = 5;
/** Longest value that is looked at at all. */
export const TEMPLATE_VALUE_MAX_CHARS = 2_000;

/** What an agent can be told about, and how loudly; each level holds those before it. */
export const notifyEvents = ['assigned', 'message', 'mention', 'queue', 'failed', 'window'] as const;
export type NotifyEvent = (typeof notifyEvents)[number];
export const notifyLevels = ['off', 'badge', 'sound', 'desktop', 'push'] as const;
export type NotifyLevel = (typeof notifyLevels)[number];

/** What holds as long as an agent chose nothing: loud for what is theirs, a dot for what is everybody's. */
export const defaultNotifyLevels: Readonly<Record<NotifyEvent, NotifyLevel>> = {
  assigned: 'desktop',
  message: 'desktop',
  mention: 'desktop',
  queue: 'badge',
  failed: 'sound',
  window: 'sound',
};

/** Whom a refusal of Meta's concerns: the message alone, this customer, this template, this number, or all numbers. */
export const failureScopes = ['message', 'customer', 'template', 'number', 'account'] as const;
export type FailureScope = (typeof failureScopes)[number];

/**
 * How a message of ours that did not get through stands: `failed`; `unknown`, nobody can say whether Meta took it;
 * `paused`, its number is stopped; `limited`, it waits for another try.
 */
export const failureStates = ['failed', 'unknown', 'paused', 'limited'] as const;
export type FailureState = (typeof failureStates)[number];

/** What is behind Meta's codes, and ours, for the person who has to do something about it; clients word them. */
export const failureReasons = [
  'windowClosed',
  'undeliverable',
  'notAllowed',
  'ownNumber',
  'blocked',
  'heldBack',
  'optedOut',
  'spamLimit',
  'tooFast',
  'pairTooFast',
  'token',
  'permission',
  'accountBlocked',
  'numberGone',
  'notRegistered',
  'displayName',
  'pin',
  'payment',
  'country',
  'unsupported',
  'media',
  'customerMedia',
  'metaTrouble',
  'maintenance',
  'invalid',
  'needsPhone',
  'identityChanged',
  'marketingOff',
  'templateValues',
  'templateMissing',
  'templatePaused',
  'templateDisabled',
  'templateLimited',
  'flowBlocked',
  'flowThrottled',
  'terms',
  'calling',
  'group',
  'blockList',
  'username',
  'sync',
  'superseded',
  'undone',
  'noAddress',
  'notConnected',
  'unconfirmed',
  'disconnected',
  'other',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/**
 * Why a message of ours cannot be sent again: `sender` an agent did not write it, `permanent` the same would fail again,
 * `resent` it was, `waiting` it goes out by itself, `later` not before a time, `window` only a template could leave,
 * `blocked` we have blocked the customer, `marketing` the customer wants none, and `number` its number is stopped.
 */
export const resendObstacles = [
  'sender',
  'permanent',
  'resent',
  'waiting',
  'later',
  'window',
  'blocked',
  'marketing',
  'number',
] as const;
export type ResendObstacle = (typeof resendObstacles)[number];

/** What Meta says of a number and its account. */
export const standingParts = [
  'status',
  'quality',
  'messagingLimit',
  'throughput',
  'name',
  'verification',
  'health',
  'review',
  'username',
] as const;
export type StandingPart = (typeof standingParts)[number];

/** What can be wrong with a number or its account; clients word them. */
export const troubleKinds = [
  'disconnected',
  'stopped',
  'banned',
  'banScheduled',
  'accountDeleted',
  'accountRemoved',
  'numberOffline',
  'numberRestricted',
  'numberFlagged',
  'rateLimited',
  'healthBlocked',
  'healthLimited',
  'restrictedReplies',
  'restrictedOpenings',
  'restrictedNumbers',
  'restricted',
  'reviewRejected',
  'tokenExpired',
  'tokenExpires',
  'notSubscribed',
  'qualityLow',
  'nameRejected',
  'nameApproved',
  'violation',
  'pinReset',
  'pinChanged',
  'alert',
] as const;
export type TroubleKind = (typeof troubleKinds)[number];
export const troubleSeverities = ['critical', 'warning', 'info'] as const;
export type TroubleSeverity = (typeof troubleSeverities)[number];
export const troubleLimits = ['openings', 'replies'] as const;
export type TroubleLimit = (typeof troubleLimits)[number];

/** Most messages that one request may take off the desk. */
export const FAILURES_AT_ONCE = 200;
