import { expect, it } from 'vitest';
import { filterOf, readView, viewSearch } from './view';

it('survives the way through the address', () => {
  const view = { tab: 'all', status: 'any', account: '1', team: '3', label: '2', q: 'José & co' } as const;
  expect(readView(new URLSearchParams(viewSearch(view)))).toEqual(view);
  expect(viewSearch(readView(new URLSearchParams()))).toBe('');
});

it('asks for my open ones unless told otherwise, and searches everywhere', () => {
  expect(filterOf(readView(new URLSearchParams()))).toEqual({ status: 'open', assignee: 'me' });
  expect(filterOf(readView(new URLSearchParams('view=unassigned&status=any')))).toEqual({ assignee: 'none' });
  expect(filterOf(readView(new URLSearchParams('q=%20rita%20')))).toEqual({ q: 'rita' });
});

it('shrugs at what an address may hold', () => {
  expect(readView(new URLSearchParams('view=nonsense&status=%00'))).toMatchObject({ tab: 'mine', status: 'open' });
});
