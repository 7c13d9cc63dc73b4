/** A day between two messages; the same chip sticks at the top while one reads on. */
export function DayChip({ children }: { children: React.ReactNode }) {
  return (
    <span className="inline-block h-[22px] rounded-full bg-sheet px-[9px] text-[12px] leading-[22px] font-medium text-ink-2 shadow-[0_0_0_1px_var(--line)]">
      {children}
    </span>
  );
}

/** Above the first message that is new. */
export function NewLine({ children }: { children: React.ReactNode }) {
  return (
    <div className="flex items-center gap-2.5 pt-4 pb-2 text-[12px] leading-4 font-semibold text-accent-ink before:h-px before:flex-1 before:bg-accent-line after:h-px after:flex-1 after:bg-accent-line">
      <span>{children}</span>
    </div>
  );
}
