/** Three dots that walk; under reduced motion they stand. */
export function TypingDots() {
  return (
    <span aria-hidden className="inline-flex h-2 flex-none items-center gap-[3px]">
      <i className="size-[5px] animate-typing rounded-full bg-current opacity-90" />
      <i className="size-[5px] animate-typing rounded-full bg-current opacity-60 [animation-delay:150ms]" />
      <i className="size-[5px] animate-typing rounded-full bg-current opacity-35 [animation-delay:300ms]" />
    </span>
  );
}
