/** Where a link ends, or, without `href`, up to where no link can begin. */
export interface Found {
  href: string | null;
  end: number;
}

const allowedProtocols = ['http:', 'https:', 'mailto:', 'tel:'];

/** Things that show nothing, or turn the reading direction round: with them a link could look like another. */
const INVISIBLE = '\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cs}';
const URL_RUN = new RegExp(`[^\\s<>"${INVISIBLE}]+`, 'uy');
const WORD_RUN = /[\p{L}\p{N}][\p{L}\p{N}.!#$%&'+/=?^_{|}@-]*/uy;
const PHONE = /\+\d(?:[ ().-]{0,2}\d){6,14}(?![\d])/y;

const EMAIL =
  /^[A-Za-z0-9.!#$%&'+/=?^_{|}-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}{2,24}$/u;
/** Without `https://` in front only what can hardly be anything else: a known ending, or a path behind it. */
const BARE_HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:com|org|net|info|io|app|dev|shop|store|online|site|fr|pt|br|ro|uk|nl|pl|ch)(?=$|[/?#:])/i;
const HOST_AND_PATH = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::\d{2,5})?\/\S/;

/**
 * The link that begins at `at`, if there is one: `http`, `https`, `mailto`, `tel`, a bare host or address, an international
 * number. Nothing else ever becomes one, and neither does an address with a name and password in it.
 */
export function findLink(text: string, at: number): Found {
  const scheme = /^(?:https?:\/\/|mailto:|tel:)/i.exec(text.slice(at, at + 8))?.[0];
  if (scheme) {
    const run = match(URL_RUN, text, at);
    return link(text, at, run, (shown) => shown);
  }
  if (text.charAt(at) === '+') {
    const phone = match(PHONE, text, at);
    return phone ? { href: `tel:+${phone.replace(/\D/g, '')}`, end: at + phone.length } : { href: null, end: at + 1 };
  }
  const word = match(WORD_RUN, text, at);
  if (!word.includes('.')) return { href: null, end: at + Math.max(1, word.length) };
  if (word.includes('@')) return link(text, at, word, (shown) => (EMAIL.test(shown) ? `mailto:${shown}` : null));

  const run = match(URL_RUN, text, at);
  return link(text, at, run, (shown) => (isBareUrl(shown) ? `https://${shown}` : null));
}

function isBareUrl(shown: string): boolean {
  return /^www\.[a-z0-9-]+\.[a-z]/i.test(shown) || BARE_HOST.test(shown) || HOST_AND_PATH.test(shown);
}

function link(text: string, at: number, run: string, toHref: (shown: string) => string | null): Found {
  const end = at + withoutTail(run).length;
  const href = toHref(text.slice(at, end));
  const safe = href === null ? null : safeHref(href);
  return safe === null ? { href: null, end: at + Math.max(1, run.length) } : { href: safe, end };
}

/** The address as the browser would follow it, or null when it is none, or none that we follow. */
export function safeHref(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (!allowedProtocols.includes(url.protocol) || url.username || url.password) return null;
  if (url.protocol.startsWith('http') ? !url.hostname : !url.pathname) return null;
  return url.href;
}

/** Punctuation, and marks of our markup, that end the sentence and not the address. Brackets stay while they are paired. */
function withoutTail(run: string): string {
  let end = run.length;
  const pairs = { ')': '(', ']': '[', '}': '{' } as const;
  const depth = { ')': 0, ']': 0, '}': 0 };
  for (const char of run)
    for (const shut of [')', ']', '}'] as const) depth[shut] += char === shut ? 1 : char === pairs[shut] ? -1 : 0;
  while (end > 0) {
    const last = run.charAt(end - 1);
    if (last === ')' || last === ']' || last === '}') {
      if (depth[last] <= 0) break;
      depth[last] -= 1;
    } else if (!/[.,;:!?'’”»…*_~`]/.test(last)) break;
    end -= 1;
  }
  return run.slice(0, end);
}

function match(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}

/** Letters and digits of any script. */
export function isWordChar(text: string, at: number): boolean {
  const code = text.codePointAt(at);
  if (at < 0 || code === undefined) return false;
  // The second half of a pair asks for its whole.
  const whole = code >= 0xdc00 && code <= 0xdfff ? text.codePointAt(at - 1) : code;
  return /[\p{L}\p{N}]/u.test(String.fromCodePoint(whole ?? code));
}
