import type { InboundContent } from './provider';

/** How a poll stands after a vote: a change of the poll of which only the votes are new. */
export function pollWith(votes: { option: string; count: number }[]): InboundContent {
  return { type: 'poll', question: '', options: votes.map(({ option }) => option), selectable: 0, votes };
}
