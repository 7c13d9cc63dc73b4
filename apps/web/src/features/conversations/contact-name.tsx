'use client';

import type { ConversationDetails } from '@parley/contracts/conversations';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { cx } from '@/components/cx';
import { fieldClass } from '@/components/field';
import { Icon } from '@/components/icon';
import { call } from '@/lib/api';
import { applyEvent } from '@/lib/realtime/apply-event';
import { routes } from '@/lib/routes';

/** The name, changed where it stands: Enter keeps, Escape forgets. A group's subject is the channel's. */
export function ContactName({ conversation }: { conversation: ConversationDetails }) {
  const words = useTranslations('conversation.panel');
  const mayName = conversation.contact?.me.can.includes('rename') === true;
  const rename = useRename(conversation);
  const [text, setText] = useState<string | null>(null);
  const shown = rename.isPending ? rename.variables : conversation.title;

  if (text === null || !mayName) {
    return (
      <h2 className="min-w-0 text-heading leading-[22px]" dir="auto">
        {mayName ? (
          <button
            type="button"
            aria-label={words('editName', { name: shown })}
            title={shown}
            onClick={() => setText(conversation.contact?.name ?? '')}
            className="group -mx-1.5 flex max-w-full items-center gap-1.5 rounded-2 px-1.5 py-0.5 text-start hover:bg-hover"
          >
            <span className="truncate">{shown}</span>
            <Icon
              of={Pencil}
              size={12}
              className="text-ink-3 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100"
            />
          </button>
        ) : (
          <span className="block truncate" title={shown}>
            {shown}
          </span>
        )}
      </h2>
    );
  }

  const keep = () => {
    const name = text.trim();
    setText(null);
    if (name !== '' && name !== conversation.contact?.name) rename.mutate(name);
  };
  return (
    <div>
      <input
        autoFocus
        aria-label={words('name')}
        dir="auto"
        maxLength={120}
        value={text}
        placeholder={conversation.title}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') keep();
          else if (event.key === 'Escape') setText(null);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className={cx(
          fieldClass,
          '-mx-1.5 h-8 w-[calc(100%+12px)] px-1.5 text-body outline-none focus:border-focus pointer-coarse:text-field',
        )}
      />
    </div>
  );
}

function useRename({ id, contact }: ConversationDetails) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call(routes.updateContact, { params: { id: contact?.id ?? '' }, body: { name } }),
    onSuccess: ({ body, stamp }) =>
      applyEvent(client, { ...stamp, type: 'contact.updated', conversationId: id, contact: body }),
  });
}
