/** "(3) Inbox · Parley" */
export function titleOf(page: string, unread: number): string {
  return `${unread > 0 ? `(${unread}) ` : ''}${page} · Parley`;
}

/** The product's mark as an icon, with a dot while something waits. */
export function faviconOf(waiting: boolean): string {
  const dot = waiting ? '<circle cx="19" cy="5" r="5" fill="#fff"/><circle cx="19" cy="5" r="4" fill="#c62828"/>' : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#2456c8" fill-rule="evenodd" d="M3.5 10.500a8.5 8.5 0 1 1 8.5 8.500H9l-5.5 4zm8.500 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"/>${dot}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Shows both in the browser's tab. */
export function showInTab(title: string, waiting: boolean): void {
  document.title = title;
  let link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (!link) {
    link = document.createElement('link');
    link.rel = 'icon';
    document.head.append(link);
  }
  const href = faviconOf(waiting);
  if (link.href !== href) link.href = href;
}
