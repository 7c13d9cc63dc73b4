/** Puts a text where Paste finds it. Rejects where the browser refuses. */
export async function copyText(text: string): Promise<void> {
  // Over plain http the browser offers no clipboard; a selection can still be copied.
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.style.cssText = 'position:fixed;opacity:0';
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!copied) throw new Error('The browser refused to copy');
}
