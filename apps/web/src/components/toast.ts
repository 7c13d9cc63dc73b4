import { Toast as Base } from '@base-ui/react/toast';

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
