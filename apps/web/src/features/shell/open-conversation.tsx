'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SideSheet } from '@/components/side-sheet';
import { ContextPanel } from '@/features/conversations/context-panel';
import { useConversation } from '@/features/conversations/queries';
import { ThreadPane } from '@/features/conversations/thread-pane';
import { useRemembered } from '@/lib/remembered';
import { useMediaQuery } from '@/lib/use-media-query';
import { ConnectionBanner } from './connection-banner';
import { panelOpen } from './layout-settings';
import { Main } from './main';

/** The thread, and what is known of whom one talks to: beside it, or over it where there is no room. */
export function OpenConversation({ id, onResolved }: { id: string; onResolved: () => void }) {
  const words = useTranslations('conversation.panel');
  const state = useConversation(id);
  const wide = useMediaQuery('(width >= 1200px)');
  const [beside, setBeside] = useRemembered(panelOpen);
  const [over, setOver] = useState(false);
  const shown = wide ? beside : over;
  const toggle = () => (wide ? setBeside(!beside) : setOver(!over));
  const { conversation, partial } = state;
  return (
    <>
      <Main name={conversation?.title}>
        <ThreadPane
          id={id}
          state={state}
          connection={<ConnectionBanner className="flex-none" />}
          panelOpen={shown}
          onPanel={toggle}
          onResolved={onResolved}
        />
      </Main>
      {conversation && wide && beside && (
        <div className="w-[320px] min-w-0 border-s border-line">
          <ContextPanel conversation={conversation} partial={partial} />
        </div>
      )}
      {conversation && !wide && (
        <SideSheet open={over} onOpenChange={setOver} label={words('label')}>
          <ContextPanel conversation={conversation} partial={partial} onClose={() => setOver(false)} />
        </SideSheet>
      )}
    </>
  );
}
