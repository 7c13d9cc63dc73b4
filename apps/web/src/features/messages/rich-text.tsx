import { memo, useMemo } from 'react';
import { parseText, type TextNode } from './text/parse-text';

/** A person's text with its markup and links. Every character of it ends up in a text node: nothing is ever HTML. */
export const RichText = memo(function RichText({ text }: { text: string }) {
  const nodes = useMemo(() => parseText(text), [text]);
  return <Nodes nodes={nodes} />;
});

function Nodes({ nodes }: { nodes: TextNode[] }) {
  return nodes.map((node, index) => <Node key={index} node={node} />);
}

function Node({ node }: { node: TextNode }) {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'link':
      return <SafeLink href={node.href} text={node.text} />;
    case 'bold':
      return (
        <b className="font-semibold">
          <Nodes nodes={node.children} />
        </b>
      );
    case 'italic':
      return (
        <em>
          <Nodes nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Nodes nodes={node.children} />
        </s>
      );
    case 'mono':
    case 'code':
      return <code className="font-mono text-[0.93em]">{node.text.replace(/^\n|\n$/g, '')}</code>;
    case 'quote':
      return (
        <span className="my-0.5 block border-s-[3px] border-line-strong ps-2.5 text-ink-2" dir="auto">
          <Nodes nodes={node.children} />
        </span>
      );
  }
}

/** The title names the host as the browser reads it, so that a look-alike address gives itself away. */
function SafeLink({ href, text }: { href: string; text: string }) {
  const web = href.startsWith('http');
  return (
    <a
      href={href}
      title={web ? new URL(href).host : undefined}
      target={web ? '_blank' : undefined}
      rel="noopener noreferrer nofollow"
      className="rounded-1 font-medium break-words text-accent-ink underline underline-offset-2 [unicode-bidi:isolate]"
    >
      {text}
    </a>
  );
}
