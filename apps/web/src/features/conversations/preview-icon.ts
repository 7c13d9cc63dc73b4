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
