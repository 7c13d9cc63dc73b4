'use client';

import { useTranslations } from 'next-intl';
import { Dialog } from '@/components/dialog';
import { Kbd } from '@/components/kbd';
import { keyWords } from '@/lib/keyboard/key-words';
import { type ShortcutId, shortcuts } from '@/lib/keyboard/shortcuts';
import { isMac } from '@/lib/keyboard/use-shortcuts';

const groups: Record<'move' | 'inbox' | 'conversation', ShortcutId[]> = {
  move: ['nextWaiting', 'previousWaiting', 'next', 'previous', 'open', 'leave', 'nextPane', 'previousPane'],
  inbox: ['search', 'compose', 'goToInbox', 'goToSettings', 'help'],
  conversation: ['reply', 'resolve', 'resolveAndNext', 'assign', 'assignToMe', 'label', 'unread', 'panel', 'undo'],
};

/** Every key there is. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const words = useTranslations('keyboard');
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={words('title')} description={words('hint')} wide>
      <div className="gap-10 md:columns-2">
        {(Object.keys(groups) as (keyof typeof groups)[]).map((group) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-meta text-ink-2">{words(`group.${group}`)}</h3>
            <dl>
              {groups[group].map((id) => (
                <div key={id} className="flex min-h-8 items-center gap-3">
                  <dt className="min-w-0 flex-1">{words(`does.${id}`)}</dt>
                  <dd className="flex flex-none gap-1">
                    <Keys id={id} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ id }: { id: ShortcutId }) {
  const shortcut = shortcuts[id];
  const chord = shortcut.chords[0];
  const first = 'after' in shortcut ? keyWords({ code: shortcut.after }, isMac()) : [];
  return [...first, ...(chord ? keyWords(chord, isMac()) : [])].map((key, at) => <Kbd key={`${at}${key}`}>{key}</Kbd>);
}
