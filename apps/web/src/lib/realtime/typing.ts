'use client';

import type { EphemeralEvent, RealtimeEvent } from '@parley/contracts/realtime';
import { useCallback, useSyncExternalStore } from 'react';

/** Who types in a conversation: a member by id, else the customer's side. */
export interface Typist {
  name: string | null;
  memberId: string | null;
}

/** Shown no longer than this without another word of it. */
const SHOWN_MS = 15_000;
const NOBODY: readonly Typist[] = [];

interface Entry extends Typist {
  timer: ReturnType<typeof setTimeout>;
}

/** What the stream says in passing: never cached, gone by itself. */
class TypingStore {
  private readonly byConversation = new Map<string, Map<string, Entry>>();
  private readonly shown = new Map<string, readonly Typist[]>();
  private readonly listeners = new Set<() => void>();

  hear(event: EphemeralEvent): void {
    if (event.typing) this.start(event);
    else this.stop(event.conversationId, keyOf(event));
  }

  /** A message ends its writer's typing. */
  notice(event: RealtimeEvent): void {
    if (event.type !== 'message.created') return;
    const { direction, sender, conversationId } = event.message;
    if (sender.memberId) this.stop(conversationId, keyOf({ name: null, memberId: sender.memberId }));
    if (direction !== 'inbound') return;
    // In a talk of two the name may be spelt otherwise; whoever wrote is the one who typed.
    const theirs = [...(this.byConversation.get(conversationId)?.values() ?? [])].filter((typist) => !typist.memberId);
    const writers = event.conversation.kind === 'direct' ? theirs : theirs.filter(({ name }) => name === sender.name);
    this.stop(conversationId, ...writers.map(keyOf));
  }

  of(conversationId: string): readonly Typist[] {
    return this.shown.get(conversationId) ?? NOBODY;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private start({ conversationId, name, memberId }: EphemeralEvent): void {
    const key = keyOf({ name, memberId });
    const typists = this.byConversation.get(conversationId) ?? new Map<string, Entry>();
    clearTimeout(typists.get(key)?.timer);
    typists.set(key, { name, memberId, timer: setTimeout(() => this.stop(conversationId, key), SHOWN_MS) });
    this.byConversation.set(conversationId, typists);
    this.show(conversationId);
  }

  private stop(conversationId: string, ...keys: string[]): void {
    const typists = this.byConversation.get(conversationId);
    if (!typists) return;
    for (const key of keys) {
      clearTimeout(typists.get(key)?.timer);
      typists.delete(key);
    }
    if (typists.size === 0) this.byConversation.delete(conversationId);
    this.show(conversationId);
  }

  private show(conversationId: string): void {
    const typists = this.byConversation.get(conversationId);
    if (typists)
      this.shown.set(
        conversationId,
        [...typists.values()].map(({ name, memberId }) => ({ name, memberId })),
      );
    else this.shown.delete(conversationId);
    this.listeners.forEach((listener) => listener());
  }
}

export const typing = new TypingStore();

/** Who types in the conversation now, this member left out by the server. */
export function useTyping(conversationId: string): readonly Typist[] {
  const get = useCallback(() => typing.of(conversationId), [conversationId]);
  return useSyncExternalStore(typing.subscribe, get, () => NOBODY);
}

function keyOf({ name, memberId }: Typist): string {
  return memberId ?? `customer:${name ?? ''}`;
}
