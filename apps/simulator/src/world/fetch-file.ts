const LIMIT_BYTES = 110 * 1024 * 1024;
const TIMEOUT_MS = 20_000;

/** A file behind a link, as a provider fetches what it is to send. Throws when it cannot be had, or is too large. */
export async function fetchFile(url: string): Promise<{ bytes: Uint8Array; mimeType?: string; fileName?: string }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`Request failed with status code ${response.status}`);
  if (Number(response.headers.get('content-length') ?? 0) > LIMIT_BYTES) throw new Error('The file is too large');
  const bytes = new Uint8Array(await response.arrayBuffer());
  const mimeType = response.headers.get('content-type') ?? undefined;
  return { bytes, mimeType, fileName: decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '') || undefined };
}
