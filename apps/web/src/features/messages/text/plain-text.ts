import { parseText, type TextNode } from './parse-text';

/** The words of a text without its marks, for where they stand on one line. */
export function plainText(text: string): string {
  return wordsOf(parseText(text));
}

function wordsOf(nodes: readonly TextNode[]): string {
  return nodes
    .map((node) =>
      'text' in node ? node.text : wordsOf(node.children) + (node.type === 'quote' && node.ended ? '\n' : ''),
    )
    .join('');
}
