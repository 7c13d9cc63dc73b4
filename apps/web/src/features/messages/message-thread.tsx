'use client';

export function MessageThread({ conversationId }: { conversationId: string }) {
  return <div className="min-h-0 flex-1" data-conversation={conversationId} />;
}
