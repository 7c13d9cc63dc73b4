/** A sender's name for a file, fit to be shown and saved: no path, nothing invisible, nothing that turns the direction. */
export function fileNameOf(given: string | null): string | null {
  const name = given
    ?.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .trim()
    .slice(0, 200);
  return name || null;
}

/** RFC 6266: in ASCII for the old, in UTF-8 for all others. */
export function disposition(how: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
