/** What a message says, in the simulator's own words. Providers put it into theirs. */
export type Content =
  | { kind: 'text'; text: string; forwarded?: 'once' | 'often' }
  | {
      kind: MediaKind;
      media: string;
      text?: string;
      fileName?: string;
      seconds?: number;
      round?: boolean;
      forwarded?: 'once' | 'often';
    }
  | {
      kind: 'location';
      latitude: number;
      longitude: number;
      title?: string;
      address?: string;
      url?: string;
      live?: boolean;
      text?: string;
    }
  | { kind: 'contacts'; contacts: Card[] }
  | {
      kind: 'choice';
      style: ChoiceStyle;
      id: string;
      text: string;
      description?: string;
      data?: Record<string, unknown>;
    }
  | { kind: 'poll'; text: string; options: string[]; selectable: number }
  | { kind: 'order'; text?: string; catalog: string; items: OrderItem[] }
  | {
      kind: 'template';
      text: string;
      name: string;
      language: string;
      category: string;
      header?: string;
      footer?: string;
      buttons: Button[];
      media?: string;
    }
  | { kind: 'interactive'; text: string; header?: string; footer?: string; buttons: Button[] }
  | { kind: 'reaction'; text: string; target: string }
  | { kind: 'system'; text: string; event: string; newPhone?: string }
  | { kind: 'welcome' }
  | { kind: 'unsupported'; text: string };

export const mediaKinds = ['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const;
export type MediaKind = (typeof mediaKinds)[number];

export interface Card {
  name: string;
  phone?: string;
  email?: string;
  organisation?: string;
}

interface OrderItem {
  product: string;
  quantity: number;
  price: number;
  currency: string;
}

/** Something the customer can tap. `reply` is what tapping it answers; links and calls answer nothing. */
export interface Button {
  text: string;
  reply?: { style: ChoiceStyle; id: string; description?: string };
}

/** Where a choice came from: a template's button, a message's button, a list, a form. */
type ChoiceStyle = 'template-button' | 'button' | 'list' | 'flow';

export type MediaContent = Extract<Content, { media: string; kind: MediaKind }>;

export const isMedia = (content: Content): content is MediaContent =>
  (mediaKinds as readonly string[]).includes(content.kind);

/** The words of a message, if it has any. */
export const textOf = (content: Content): string | undefined => ('text' in content ? content.text : undefined);

/** The same message with other words: what an edit leaves. Kinds without words stay as they are. */
export const withText = (content: Content, text: string): Content =>
  'text' in content || isMedia(content) ? { ...content, text } : content;
