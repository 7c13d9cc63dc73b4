'use client';

import type { Account } from '@parley/contracts/accounts';
import { createContext, useContext } from 'react';
import type { ThreadMessage } from './thread-rows';

/** What one can do with a message. What the channel cannot do is null. */
export interface ThreadActions {
  reply: ((message: ThreadMessage) => void) | null;
  /** An empty emoji takes the own reaction back. */
  react: ((message: ThreadMessage, emoji: string) => void) | null;
  copy: (message: ThreadMessage) => void;
  /** Puts its text back into the composer. */
  edit: (message: ThreadMessage) => void;
  sendAgain: (message: ThreadMessage) => void;
  askAgain: (message: ThreadMessage) => void;
  /** Asks once more for a file that did not come. False: that was refused, and said. */
  fetchFile: (message: ThreadMessage) => Promise<boolean>;
  /** Forgets what never left this browser. */
  discard: (message: ThreadMessage) => void;
  /** Takes back what has not left this browser yet. */
  cancel: (message: ThreadMessage) => void;
  jumpTo: (messageId: string) => void;
  /** Opens the picture of this file as large as the window. */
  view: (fileId: string) => void;
  /** Makes it and all after it unread again; null where what came after is not loaded. */
  unreadFrom: ((message: ThreadMessage) => void) | null;
}

/** What every message of a thread needs to know about where it stands. */
export interface ThreadScene {
  me: { memberId: string | null; name: string };
  group: boolean;
  /** Null while the accounts load. */
  account: Account | null;
  actions: ThreadActions;
}

const Scene = createContext<ThreadScene | null>(null);
export const ThreadSceneProvider = Scene.Provider;

export function useThreadScene(): ThreadScene {
  const scene = useContext(Scene);
  if (!scene) throw new Error('A message stands in no thread');
  return scene;
}

/** Written by the person who looks at it. */
export function isMine(message: ThreadMessage, scene: Pick<ThreadScene, 'me'>): boolean {
  return (
    message.direction === 'outbound' &&
    message.sender.memberId !== null &&
    message.sender.memberId === scene.me.memberId
  );
}
