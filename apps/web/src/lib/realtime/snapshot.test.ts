import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { oldestSnapshot } from './snapshot';

it('begins with the earliest that anything was read at, so that no event falls between two reads', () => {
  const client = new QueryClient();
  expect(oldestSnapshot(client, 9)).toBe(9);
  client.setQueryData(['labels'], { seq: 7, items: [] });
  client.setQueryData(['list'], { pages: [{ seq: 8 }, { seq: 5 }], pageParams: [] });
  client.setQueryData(['demo'], { demo: false });
  client.setQueryData(['templates'], { seq: -1 }); // told none
  expect(oldestSnapshot(client, 9)).toBe(5);
});
