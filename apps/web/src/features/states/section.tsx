/** A part of the sheet. */
export function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="mt-6 first:mt-0">
      <h2 className="mb-2 text-[12px] leading-4 text-ink-2">{title}</h2>
      {children}
    </section>
  );
}

/** What a state is, for developers. */
export function Caption({ children }: { children: React.ReactNode }) {
  return <p className="px-2.5 pt-1.5 pb-0.5 text-[11px] leading-[14px] text-ink-3">{children}</p>;
}
