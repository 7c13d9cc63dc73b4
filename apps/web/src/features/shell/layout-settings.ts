import { remembered } from '@/lib/remembered';

export const LIST_MIN = 320;
export const LIST_MAX = 400;

/** Width of the list in pixels, where there is room to choose. */
export const listWidth = remembered<number>(
  'parley.list-width',
  352,
  (value): value is number => typeof value === 'number' && value >= LIST_MIN && value <= LIST_MAX,
);

/** Whether the details stand beside the thread, where there is room. */
export const panelOpen = remembered<boolean>(
  'parley.panel',
  true,
  (value): value is boolean => typeof value === 'boolean',
);
