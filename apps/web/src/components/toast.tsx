'use client';

import { Toast as Base } from '@base-ui/react/toast';
import { Check, CircleAlert } from 'lucide-react';
import { Icon } from './icon';

/** Where the product says what it did. `toasts.add({ title, actionProps })` from anywhere. */
export const toasts = Base.createToastManager();

/** Ten seconds, so that an undo can be reached; the pointer pauses it. */
export const TOAST_MS = 10_000;

let lastUndo: { until: number; act: () => void } | null = null;

/** Says what was done; with `undo`, offers to take it back. Never for errors that need a decision. */
export function say(title: string, undo?: { label: string; act: () => void }): void {
  const act = undo && takenOnce(undo.act);
  const id = toasts.add({
    title,
    timeout: undo ? TOAST_MS : 4_000,
    actionProps: act && { children: undo.label, onClick: act },
  });
  if (act) lastUndo = { until: Date.now() + TOAST_MS, act };

  function takenOnce(take: () => void): () => void {
    return () => {
      lastUndo = null;
      toasts.close(id);
      take();
    };
  }
}

/** Says that something did not work, and why, when nothing on the screen can. */
export function complain(title: string): void {
  toasts.add({ title, type: 'error', priority: 'high', timeout: TOAST_MS });
}

/** Takes back the last act, while its toast offers it. */
export function undoLast(): void {
  if (lastUndo && Date.now() < lastUndo.until) lastUndo.act();
}

export function Toaster() {
  return (
    <Base.Provider toastManager={toasts} limit={3} timeout={TOAST_MS}>
      <Base.Portal>
        <Base.Viewport className="fixed bottom-4 left-4 z-50 flex flex-col items-start gap-2 outline-none max-md:bottom-20 md:left-[72px]">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function ToastList() {
  const { toasts: shown } = Base.useToastManager();
  return shown.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['down', 'left']}
      className="inline-flex min-h-10 max-w-[min(480px,calc(100vw-32px))] items-center gap-3 rounded-3 bg-ink pr-1.5 pl-3.5 text-ui text-pane shadow-menu transition-[opacity,translate] duration-[140ms] ease-out data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-1 data-starting-style:opacity-0"
    >
      <Icon of={toast.type === 'error' ? CircleAlert : Check} className="opacity-80" />
      <Base.Title className="pr-2 font-normal" />
      <Base.Action className="h-7 rounded-2 px-2.5 font-semibold hover:bg-current/15 focus-visible:outline-current" />
    </Base.Root>
  ));
}
