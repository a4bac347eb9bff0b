import type { TemplateCategory, TemplateQuality, TemplateStatus } from '@parley/contract';

/** A template as it is stored: what webhooks told of it and what was last read. */
export interface TemplateRow {
  businessAccountId: string;
  /** Meta's. */
  id: string;
  name: string;
  language: string;
  category: TemplateCategory;
  upcomingCategory: TemplateCategory | null;
  upcomingCategoryAt: Date | null;
  status: TemplateStatus;
  statusReason: string | null;
  statusDetail: string | null;
  quality: TemplateQuality;
  parameterFormat: 'positional' | 'named';
  /** Null until they were read or told. */
  components: unknown[] | null;
  /** Of what time each part is; null = never told. */
  statusAt: Date | null;
  qualityAt: Date | null;
  categoryAt: Date | null;
  componentsAt: Date | null;
  /** What webhooks told within the second that stands, so that its repetition is known as such. */
  toldAtOnce: Partial<Record<ToldPart, { at: string; told: string[] }>>;
  updatedAt: Date;
}

export interface ListedTemplateRow extends TemplateRow {
  /** Messages of it that reached a customer lately. */
  sends: number;
}

/** Of what a webhook tells. */
export type ToldPart = 'status' | 'quality' | 'category' | 'upcoming' | 'components';

/** A template as Graph lists it. */
export interface ReadTemplate {
  id: string;
  name: string;
  language: string;
  category: TemplateCategory;
  upcomingCategory: TemplateCategory | null;
  status: TemplateStatus;
  statusReason: string | null;
  quality: TemplateQuality;
  parameterFormat: 'positional' | 'named';
  components: unknown[];
}
