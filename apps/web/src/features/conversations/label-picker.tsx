'use client';

import type { Conversation } from '@parley/contracts/conversations';
import type { Label } from '@parley/contracts/labels';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Icon } from '@/components/icon';
import { LabelMark } from '@/components/label-mark';
import { PickList } from '@/components/pick-list';
import { Popover } from '@/components/popover';
import { complain } from '@/components/toast';
import { useLabels } from '@/features/labels/queries';
import { useMay } from '@/features/session/queries';
import { call } from '@/lib/api';
import { applyEvent } from '@/lib/realtime/apply-event';
import { useConversationActions } from './actions';
import { plain } from './assignee-picker';
import { hues } from '@/lib/contract-values';
import { routes } from '@/lib/routes';

interface LabelPickerProps {
  conversation: Conversation;
  trigger?: React.ReactElement;
  anchor?: React.RefObject<Element | null>;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  align?: 'start' | 'end';
}

/** Puts labels on and takes them off; whoever may, adds a new one by its name. */
export function LabelPicker({ conversation, trigger, anchor, open, onOpenChange, align = 'end' }: LabelPickerProps) {
  const words = useTranslations('conversation');
  return (
    <Popover
      trigger={trigger}
      anchor={anchor}
      label={words('labels')}
      align={align}
      className="w-[280px]"
      open={open}
      onOpenChange={onOpenChange}
    >
      <Labels key={conversation.id} conversation={conversation} />
    </Popover>
  );
}

type Row = { type: 'label'; label: Label } | { type: 'new'; name: string };

function Labels({ conversation }: { conversation: Conversation }) {
  const words = useTranslations('conversation');
  const labels = useLabels();
  const mayAdd = useMay('label.manage');
  const [search, setSearch] = useState('');
  const { label: setLabels } = useConversationActions();
  const add = useAddLabel(labels);
  const [chosen, setChosen] = useState(conversation.labelIds);

  const change = (next: string[]) => {
    setChosen(next);
    void setLabels(conversation, next).then((done) => done || setChosen(conversation.labelIds));
  };
  const pick = async (row: Row) => {
    if (row.type === 'new') {
      const made = await add.mutateAsync(row.name).catch((error: Error) => complain(error.message));
      if (made) change([...chosen, made.body.id]);
      setSearch('');
    } else
      change(chosen.includes(row.label.id) ? chosen.filter((id) => id !== row.label.id) : [...chosen, row.label.id]);
  };
  const name = search.trim();
  const known = labels.some((each) => plain(each.name) === plain(name));
  const rows: Row[] = labels
    .filter((each) => plain(each.name).includes(plain(search)))
    .map((label) => ({ type: 'label', label }));
  if (mayAdd && name !== '' && !known) rows.push({ type: 'new', name });

  return (
    <PickList
      label={words('labels')}
      placeholder={words('findLabel')}
      search={search}
      onSearch={setSearch}
      items={rows}
      keyOf={(row) => (row.type === 'new' ? 'new' : row.label.id)}
      empty={words('noLabel')}
      isChosen={(row) => row.type === 'label' && chosen.includes(row.label.id)}
      onPick={(row) => void pick(row)}
    >
      {(row) =>
        row.type === 'new' ? (
          <>
            <Icon of={Plus} className="text-ink-3" />
            <span className="truncate">{words('createLabel', { name: row.name })}</span>
          </>
        ) : (
          <>
            <LabelMark name={row.label.name} hue={row.label.hue} size="ui" className="flex-1" />
            {chosen.includes(row.label.id) && <Icon of={Check} size={14} className="text-accent-ink" />}
          </>
        )
      }
    </PickList>
  );
}

/** Takes the hue that is used least, so that neighbours differ. */
function useAddLabel(labels: Label[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => {
      const uses = (hue: number) => labels.filter((label) => label.hue === hue).length;
      const hue = [...hues].sort((a, b) => uses(a) - uses(b))[0] ?? hues[0];
      return call(routes.createLabel, { body: { name, hue } });
    },
    onSuccess: ({ body, stamp }) => applyEvent(client, { ...stamp, type: 'label.updated', label: body }),
  });
}
