'use client';

import { remembered } from '@/lib/remembered';

const keys = ['enter', 'mod-enter'] as const;
export type SendKey = (typeof keys)[number];

/** What sends: Enter (Shift+Enter breaks the line), or Mod+Enter (Enter breaks it). Per browser. */
export const sendKeySetting = remembered<SendKey>('parley:send-key', 'enter', (value): value is SendKey =>
  keys.some((key) => key === value),
);

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'> & {
  keyCode?: number;
};

/** What a key means in the composer; null: it types. While a character is being composed (IME), Enter belongs to it. */
export function sendIntent(event: Key, setting: SendKey, touch: boolean): 'send' | 'resolve' | null {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || event.altKey) return null;
  const mod = event.ctrlKey || event.metaKey;
  if (mod) return event.shiftKey ? 'resolve' : 'send';
  // On a touch keyboard Enter is the only way to a new line.
  return setting === 'enter' && !event.shiftKey && !touch ? 'send' : null;
}
