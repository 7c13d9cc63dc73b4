/** Ground and motion that menus and popovers share. */
export const popupClass =
  'max-h-[min(600px,var(--available-height))] max-w-[var(--available-width)] overflow-y-auto rounded-4 bg-raised shadow-menu outline-none transition-[opacity,translate] duration-[140ms] ease-out data-ending-style:opacity-0 data-ending-style:duration-[90ms] data-starting-style:translate-y-1 data-starting-style:opacity-0';
