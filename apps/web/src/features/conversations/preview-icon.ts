import {
  BarChart3,
  Contact,
  FileText,
  Image,
  LayoutTemplate,
  type LucideIcon,
  MapPin,
  Mic,
  Paperclip,
  Phone,
  ShoppingBag,
  Sticker,
  TriangleAlert,
  Video,
} from 'lucide-react';

const icons: Record<string, LucideIcon> = {
  image: Image,
  video: Video,
  audio: Mic,
  voice: Mic,
  document: FileText,
  sticker: Sticker,
  media: Paperclip,
  location: MapPin,
  contacts: Contact,
  poll: BarChart3,
  order: ShoppingBag,
  call: Phone,
  template: LayoutTemplate,
  unreadable: TriangleAlert,
};

/** The icon of a message that is not plain text, or undefined. */
export function previewIcon(type: string): LucideIcon | undefined {
  return icons[type];
}

/** What a message without words is called. */
const kinds = [
  'image',
  'video',
  'audio',
  'voice',
  'document',
  'sticker',
  'media',
  'location',
  'contacts',
  'choice',
  'poll',
  'order',
  'call',
  'template',
  'system',
  'unsupported',
  'unreadable',
] as const;

/** The kind's name in the words of the list; one that this page does not know yet is just a message. */
export function kindOf(type: string): (typeof kinds)[number] | 'other' {
  return kinds.find((kind) => kind === type) ?? 'other';
}
