'use client';

import { useSearchParams } from 'next/navigation';

export const accountSteps = ['details', 'scan', 'test'] as const;
export type AccountStep = (typeof accountSteps)[number];

/** What is open beside the list, as the address says it. */
export type Place =
  | { at: 'list' }
  /** `provider` null: it is still to be chosen. */
  | { at: 'connect'; provider: string | null }
  /** `fresh`: it is being connected just now. */
  | { at: 'account'; id: string; step: AccountStep; fresh: boolean };

export function usePlace(): Place {
  const search = useSearchParams();
  const [connect, id] = [search.get('connect'), search.get('account')];
  if (connect !== null) return { at: 'connect', provider: connect || null };
  if (!id) return { at: 'list' };
  const step = accountSteps.find((one) => one === search.get('step')) ?? 'details';
  return { at: 'account', id, step, fresh: search.has('fresh') };
}

/** Goes there without asking the server for a page; Back leads here again. */
export function goTo(place: Place): void {
  window.history.pushState(null, '', `/accounts${searchOf(place)}`);
}

function searchOf(place: Place): string {
  switch (place.at) {
    case 'list':
      return '';
    case 'connect':
      return `?connect=${encodeURIComponent(place.provider ?? '')}`;
    case 'account':
      return `?account=${encodeURIComponent(place.id)}&step=${place.step}${place.fresh ? '&fresh' : ''}`;
  }
}
