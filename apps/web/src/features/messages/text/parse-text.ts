import { findLink, isWordChar } from './find-link';

/** What a text says, as a tree. It is never turned into HTML: React renders each node as an element with a text child. */
export type TextNode =
  | { type: 'text'; text: string }
  | { type: 'link'; href: string; text: string }
  | { type: 'bold' | 'italic' | 'strike'; children: TextNode[] }
  /** Between fences, of any number of lines; `code` inside a line. */
  | { type: 'mono' | 'code'; text: string }
  /** Lines that began with "> ", one after the other. `ended`: another line follows. */
  | { type: 'quote'; children: TextNode[]; ended: boolean };

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
type Mark = keyof typeof marks;

const FENCE = '```';
const TICK = '`';
const QUOTE = '> ';

/** What was opened and not yet closed. The bottom frame has no mark. */
interface Frame {
  mark: Mark | null;
  nodes: TextNode[];
}

/**
 * Reads the markup that WhatsApp and Slack share (*bold*, _italic_, ~strike~, ```mono```, `code`, "> quote") and links. Marks
 * that close nothing stay the characters they are. Runs in time linear to the text, whatever it holds.
 */
export function parseText(text: string): TextNode[] {
  return parse(text, { quotes: true });
}

/** A quote holds no other: however often a line begins with the mark, this goes one step deep. */
function parse(text: string, { quotes }: { quotes: boolean }): TextNode[] {
  const bottom: Frame = { mark: null, nodes: [] };
  const open: Frame[] = [bottom];
  let at = 0;
  let noLinkBefore = 0;
  let noFenceLeft = false;

  while (at < text.length) {
    const char = text.charAt(at);

    if (quotes && text.startsWith(QUOTE, at) && (at === 0 || text.charAt(at - 1) === '\n')) {
      const { inside, end, ended } = quoteAt(text, at);
      bottom.nodes.push({ type: 'quote', children: parse(inside, { quotes: false }), ended });
      at = end;
      continue;
    }
    if (char === '`' && !noFenceLeft && text.startsWith(FENCE, at)) {
      const end = text.indexOf(FENCE, at + FENCE.length);
      const inside = end < 0 ? '' : text.slice(at + FENCE.length, end);
      noFenceLeft = end < 0;
      if (inside.trim()) {
        top(open).nodes.push({ type: 'mono', text: inside });
        at = end + FENCE.length;
        continue;
      }
    }
    const code = char === TICK ? codeAt(text, at) : '';
    if (code) {
      top(open).nodes.push({ type: 'code', text: code });
      at += code.length + 2;
      continue;
    }
    if (char === '\n') flatten(open, 0);

    if (isMark(char)) {
      if (canClose(text, at, char, open)) close(open, char);
      else if (canOpen(text, at, char, open)) open.push({ mark: char, nodes: [] });
      else addText(open, char);
      at += 1;
      continue;
    }
    if (at >= noLinkBefore && !isWordChar(text, at - 1)) {
      const found = findLink(text, at);
      if (found.href) {
        top(open).nodes.push({ type: 'link', href: found.href, text: text.slice(at, found.end) });
        at = found.end;
        continue;
      }
      noLinkBefore = found.end;
    }
    addText(open, char);
    at += 1;
  }

  flatten(open, 0);
  return bottom.nodes;
}

/** The lines of a quote without their marks, and where what follows begins. */
function quoteAt(text: string, from: number): { inside: string; end: number; ended: boolean } {
  const lines: string[] = [];
  let at = from;
  let ended = true;
  while (ended && text.startsWith(QUOTE, at)) {
    const newline = text.indexOf('\n', at);
    ended = newline >= 0;
    lines.push(text.slice(at + QUOTE.length, ended ? newline : undefined));
    at = ended ? newline + 1 : text.length;
  }
  return { inside: lines.join('\n'), end: at, ended };
}

/** What stands between two ticks of one line, not inside a word: in "five o`clock" they are no marks. */
function codeAt(text: string, at: number): string {
  const end = text.indexOf(TICK, at + 1);
  const inside = end < 0 ? '' : text.slice(at + 1, end);
  if (!inside.trim() || inside.includes('\n') || isWordChar(text, at - 1) || isWordChar(text, end + 1)) return '';
  return inside;
}

function isMark(char: string): char is Mark {
  return char in marks;
}

function top(open: Frame[]): Frame {
  const frame = open.at(-1);
  if (!frame) throw new Error('The bottom frame is never closed');
  return frame;
}

/** A mark opens before something that is no space, and not inside a word: `2*3*4` and `snake_case` stay as they are. */
function canOpen(text: string, at: number, mark: Mark, open: Frame[]): boolean {
  const next = text.charAt(at + 1);
  return (
    next !== '' &&
    next !== mark &&
    !/\s/.test(next) &&
    !isWordChar(text, at - 1) &&
    !open.some((frame) => frame.mark === mark)
  );
}

function canClose(text: string, at: number, mark: Mark, open: Frame[]): boolean {
  const frame = open.findLast((each) => each.mark === mark);
  if (!frame) return false;
  const empty = frame.nodes.length === 0 && top(open) === frame;
  return !empty && !/\s/.test(text.charAt(at - 1)) && !isWordChar(text, at + 1);
}

function close(open: Frame[], mark: Mark): void {
  flatten(
    open,
    open.findLastIndex((frame) => frame.mark === mark),
  );
  const frame = open.pop();
  if (frame) top(open).nodes.push({ type: marks[mark], children: frame.nodes });
}

/** Everything opened above `keep` was not meant as markup: its mark becomes a character again. */
function flatten(open: Frame[], keep: number): void {
  while (open.length > keep + 1) {
    const frame = open.pop();
    if (!frame?.mark) return;
    addText(open, frame.mark);
    for (const node of frame.nodes) {
      if (node.type === 'text') addText(open, node.text);
      else top(open).nodes.push(node);
    }
  }
}

function addText(open: Frame[], text: string): void {
  const { nodes } = top(open);
  const last = nodes.at(-1);
  if (last?.type === 'text') last.text += text;
  else nodes.push({ type: 'text', text });
}

const EMOJI_ONLY =
  /^(?:\s*(?:\p{Regional_Indicator}{2}|\p{Emoji_Presentation}|\p{Extended_Pictographic})[\p{Emoji_Modifier}\uFE0F\u20E3\u{E0020}-\u{E007F}]*(?:\u200D\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]*)*){1,3}\s*$/u;

/** One to three emoji and nothing else: shown large. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 60 && EMOJI_ONLY.test(text);
}
