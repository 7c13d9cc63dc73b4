/** Something said in passing, in the corner of the page. */
export interface Said {
  id: string;
  title: string;
  type?: 'error';
  priority?: 'high';
  /** Milliseconds. */
  timeout: number;
  actionProps?: { children: string; onClick: () => void };
}

/** Where it is shown. */
export interface Corner {
  add(said: Said): unknown;
  close(id: string): void;
}

/** Ten seconds, so that an undo can be reached; the pointer pauses it. */
export const TOAST_MS = 10_000;

let corner: Corner | null = null;
let waiting: Said[] = [];
let count = 0;
let lastUndo: { until: number; act: () => void } | null = null;

/** Says what was done; with `undo`, offers to take it back. Never for errors that need a decision. */
export function say(title: string, undo?: { label: string; act: () => void }): void {
  const id = nextId();
  const act = undo && takenOnce(undo.act);
  show({
    id,
    title,
    timeout: undo ? TOAST_MS : 4_000,
    actionProps: act && { children: undo.label, onClick: act },
  });
  if (act) lastUndo = { until: Date.now() + TOAST_MS, act };

  function takenOnce(take: () => void): () => void {
    return () => {
      lastUndo = null;
      corner?.close(id);
      take();
    };
  }
}

/** Says that something did not work, and why, when nothing on the screen can. */
export function complain(title: string): void {
  show({ id: nextId(), title, type: 'error', priority: 'high', timeout: TOAST_MS });
}

/** Takes back the last act, while its toast offers it. */
export function undoLast(): void {
  if (lastUndo && Date.now() < lastUndo.until) lastUndo.act();
}

/** The corner comes in a quiet moment: what was said before is shown then. Returns how to leave. */
export function listen(next: Corner): () => void {
  corner = next;
  for (const said of waiting) next.add(said);
  waiting = [];
  return () => {
    if (corner === next) corner = null;
  };
}

function show(said: Said): void {
  if (corner) corner.add(said);
  else waiting.push(said);
}

function nextId(): string {
  return `toast-${(count += 1)}`;
}
