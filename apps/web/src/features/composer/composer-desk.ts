/** Puts the cursor where one writes in the open conversation: its composer, or the template picker in its place. */
export function focusComposer(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-composer-focus]')?.focus());
}

/** Types at the cursor as a person would, so that the browser's own undo knows of it. */
export function typeInto(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  if (document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Puts a mark on both sides of what is selected, or the cursor between two of them. */
export function wrapSelection(field: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: from, selectionEnd: to, value } = field;
  typeInto(field, mark + value.slice(from, to) + mark);
  field.setSelectionRange(from + mark.length, to + mark.length);
}
