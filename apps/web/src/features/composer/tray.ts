'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { uuidV7 } from '@/lib/uuid-v7';
import { MOST_FILES, type Picked } from './outgoing-files';

const NONE: readonly Picked[] = [];
const trays = new Map<string, readonly Picked[]>();
const listeners = new Set<() => void>();

/** Files that were chosen for a conversation and not sent yet: they stay while one looks at another, and until a reload. */
export function useTray(conversationId: string): readonly Picked[] {
  const get = useCallback(() => trays.get(conversationId) ?? NONE, [conversationId]);
  return useSyncExternalStore(subscribe, get, () => NONE);
}

/** Answers how many there was no more room for. */
export function addToTray(conversationId: string, files: Iterable<File>): number {
  const before = trays.get(conversationId) ?? NONE;
  const added = Array.from(files, (bytes): Picked => ({ id: uuidV7(), bytes, width: null, height: null }));
  const all = [...before, ...added];
  change(conversationId, all.slice(0, MOST_FILES));
  for (const one of added) void measure(conversationId, one);
  return Math.max(0, all.length - MOST_FILES);
}

export function takeFromTray(conversationId: string, id: string): void {
  change(
    conversationId,
    (trays.get(conversationId) ?? NONE).filter((one) => one.id !== id),
  );
}

export function emptyTray(conversationId: string): void {
  change(conversationId, NONE);
}

/** A picture's place is held in the thread while it loads. */
async function measure(conversationId: string, { id, bytes }: Picked): Promise<void> {
  if (!bytes.type.startsWith('image/')) return;
  const picture = await createImageBitmap(bytes).catch(() => null); // it only says that it is one
  if (!picture) return;
  const { width, height } = picture;
  picture.close();
  const files = trays.get(conversationId) ?? NONE;
  change(
    conversationId,
    files.map((one) => (one.id === id ? { ...one, width, height } : one)),
  );
}

function change(conversationId: string, files: readonly Picked[]): void {
  if (files.length > 0) trays.set(conversationId, files);
  else trays.delete(conversationId);
  for (const listener of listeners) listener();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}
