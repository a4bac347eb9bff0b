import {
  ChartNoAxesColumn,
  CircleHelp,
  Contact,
  FileText,
  Film,
  Image,
  Info,
  LayoutTemplate,
  ListChecks,
  MapPin,
  Mic,
  MousePointerClick,
  ShoppingBag,
  Sticker,
} from '@lucide/vue';
import type { MessageType } from '@parley/contract';
import type { Component } from 'vue';

/** How a type of message is drawn where its content is not; `label` is a key below `thread.kind`. */
export interface MessageKind {
  icon: Component;
  label: string;
}

const kinds: Record<Exclude<MessageType, 'text' | 'reaction'>, MessageKind> = {
  image: { icon: Image, label: 'image' },
  video: { icon: Film, label: 'video' },
  audio: { icon: Mic, label: 'audio' },
  document: { icon: FileText, label: 'document' },
  sticker: { icon: Sticker, label: 'sticker' },
  location: { icon: MapPin, label: 'location' },
  contacts: { icon: Contact, label: 'contacts' },
  interactive: { icon: ListChecks, label: 'interactive' },
  button: { icon: MousePointerClick, label: 'button' },
  order: { icon: ShoppingBag, label: 'order' },
  template: { icon: LayoutTemplate, label: 'template' },
  system: { icon: Info, label: 'system' },
  unsupported: { icon: CircleHelp, label: 'unsupported' },
};

/** The face of a type; text has none, its words are enough, and a reaction is no bubble. Polls get theirs from the word Meta uses for them. */
export function messageKind(type: MessageType | null, rawType?: string): MessageKind | null {
  if (type === null || type === 'text' || type === 'reaction') return null;
  if (rawType?.startsWith('poll')) return { icon: ChartNoAxesColumn, label: 'poll' };
  if (rawType === 'media_placeholder') return { icon: Image, label: 'placeholder' };
  return kinds[type];
}
