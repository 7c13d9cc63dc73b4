import { RichText } from './rich-text';
import { isEmojiOnly } from './text/parse-text';

/** A person's words: in the direction they are written, with the time floating at the end of the last line. */
export function Words({ text, meta }: { text: string; meta?: React.ReactNode }) {
  if (isEmojiOnly(text)) {
    return (
      <div className="flex items-end">
        <span className="text-[34px] leading-[42px]">{text}</span>
        {meta}
      </div>
    );
  }
  return (
    <div dir="auto" className="text-start whitespace-pre-wrap [unicode-bidi:plaintext]">
      <RichText text={text} />
      {meta}
    </div>
  );
}

/** The time under a tile, close to it. */
export function MetaBelow({ children }: { children: React.ReactNode }) {
  return <span className="-mt-[5px] block">{children}</span>;
}

/** What was said with a file, if anything was. */
export function Caption({ text, meta }: { text: string | null; meta: React.ReactNode }) {
  return text ? <Words text={text} meta={meta} /> : <MetaBelow>{meta}</MetaBelow>;
}
