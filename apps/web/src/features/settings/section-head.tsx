/** What a page of settings is about, and its one act. */
export function SectionHead({
  title,
  hint,
  action,
}: {
  title: string;
  hint?: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-3 pt-6 pb-4">
      <div className="min-w-[min(100%,260px)] flex-1">
        <h1 className="text-title">{title}</h1>
        {hint && <p className="max-w-[64ch] text-pretty text-ink-3">{hint}</p>}
      </div>
      {action}
    </header>
  );
}

/** A part of such a page. */
export function Part({
  title,
  hint,
  action,
  children,
}: {
  title: string;
  hint?: React.ReactNode;
  action?: React.ReactNode;
  children?: React.ReactNode;
}) {
  return (
    <section aria-label={title} className="pb-8">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2 pb-3">
        <div className="min-w-[min(100%,260px)] flex-1">
          <h2 className="text-heading">{title}</h2>
          {hint && <p className="max-w-[64ch] text-pretty text-ink-3">{hint}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
