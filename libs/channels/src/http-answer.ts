/** What a provider answered, its body read. `json` is `undefined` where it sent none, or more than we read. */
export interface Answer {
  status: number;
  /** 2xx. */
  ok: boolean;
  headers: Headers;
  json: unknown;
  /** The beginning of the body, for forensics: at most 500 characters. */
  excerpt: string;
}

/** Lists with thumbnails run to megabytes; anything beyond is no answer to us. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * One call, never followed elsewhere: a redirect would carry the credentials along. Throws what `http` throws. `secret`, at
 * least eight characters of it, is nowhere in the answer: servers repeat the address that they were asked for.
 */
export async function call(
  http: typeof fetch,
  url: string,
  init: RequestInit = {},
  { secret }: { secret?: string } = {},
): Promise<Answer> {
  const response = await http(url, { ...init, redirect: 'manual' });
  const text = hiding(secret, await readText(response));
  return {
    status: response.status,
    ok: response.ok,
    headers: response.headers,
    json: text === undefined ? undefined : parsed(text),
    excerpt: (text ?? 'an answer too large to read').slice(0, 500),
  };
}

/** A POST of JSON, or of nothing. */
export function posted(body: unknown, headers: Record<string, string>): RequestInit {
  if (body === undefined) return { method: 'POST', headers };
  return { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Milliseconds that `Retry-After` asks for; `undefined` without it. A date counts from the answer's own. */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Before it is cut, or a part of the secret stays; what is shorter stands in other words by chance. */
function hiding(secret: string | undefined, text: string | undefined): string | undefined {
  return secret !== undefined && secret.length >= 8 ? text?.replaceAll(secret, '***') : text;
}

async function readText(response: Response): Promise<string | undefined> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) return undefined; // leaving the loop cancels the rest
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Proxies answer HTML, and servers in trouble nothing at all. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
