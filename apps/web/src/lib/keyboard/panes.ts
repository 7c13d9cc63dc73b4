/** The panes that F6 walks through, in reading order. Each marks itself with `data-pane`. */
export const panes = ['list', 'thread', 'composer', 'context'] as const;
export type Pane = (typeof panes)[number];

/** Where each pane wants its focus: an element marked so, else whatever can take it first. */
const INSIDE =
  '[data-pane-focus], textarea, input:not([hidden]), [contenteditable=true], button, a[href], [tabindex="0"]';

/** Puts the focus into a pane. False: it is not there, or holds nothing that can take it. */
export function focusPane(pane: Pane): boolean {
  if (pane === 'composer') return focusComposer();
  const root = document.querySelector<HTMLElement>(`[data-pane=${pane}]`);
  const target =
    root?.querySelector<HTMLElement>('[data-pane-focus]') ?? root?.querySelector<HTMLElement>(INSIDE) ?? root;
  if (!target || target.offsetParent === null) return false;
  target.focus();
  return document.activeElement === target;
}

/** Which pane has the focus now. */
export function focusedPane(): Pane | null {
  const found = document.activeElement?.closest('[data-pane]')?.getAttribute('data-pane');
  return panes.find((pane) => pane === found) ?? null;
}

/** The next pane that can take the focus, or the one before. */
export function focusNeighbour(step: 1 | -1): void {
  const from = focusedPane();
  const start = from === null ? (step === 1 ? -1 : 0) : panes.indexOf(from);
  for (let turn = 1; turn <= panes.length; turn += 1) {
    const pane = panes[(start + step * turn + panes.length * 2) % panes.length];
    if (pane && focusPane(pane)) return;
  }
}

/** A composer on a slow line or a slow machine takes so long at most; who has moved on meanwhile is left alone. */
const WAIT_MS = 15_000;

/**
 * Writes there next: the composer of a conversation that is just being opened comes a moment later, and a list of
 * templates later still. On touch nothing is focused: it would raise the keyboard.
 */
export function focusComposerSoon(conversationId: string): void {
  if (window.matchMedia('(pointer: coarse)').matches) return;
  const from = document.activeElement;
  const until = performance.now() + WAIT_MS;
  const over = new AbortController();
  for (const act of ['pointerdown', 'keydown'])
    window.addEventListener(act, () => over.abort(), { capture: true, signal: over.signal });
  const attempt = () => {
    const moved = document.activeElement !== from && document.activeElement !== document.body;
    if (over.signal.aborted) return;
    if (moved || performance.now() > until || focusComposer(conversationId)) return over.abort();
    requestAnimationFrame(attempt);
  };
  requestAnimationFrame(attempt);
}

/** What one writes into: the text, or the template picker in its place. False: it is not there (yet). */
export function focusComposer(conversationId?: string): boolean {
  const root = document.querySelector(
    `[data-pane=composer]${conversationId ? `[data-conversation="${CSS.escape(conversationId)}"]` : ''}`,
  );
  const field = root?.querySelector<HTMLElement>(
    '[data-composer-focus], textarea, input:not([hidden]), [contenteditable=true]',
  );
  field?.focus({ preventScroll: true });
  return field !== undefined && field !== null && document.activeElement === field;
}
