'use client';

import type { Conversation } from '@parley/contracts/conversations';

export function Composer({ conversation }: { conversation: Conversation }) {
  return <div className="flex-none" data-conversation={conversation.id} />;
}
