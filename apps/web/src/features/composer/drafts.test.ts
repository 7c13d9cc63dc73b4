import { expect, it } from 'vitest';
import { createDrafts, type DraftStorage } from './drafts';

function browser() {
  const rows = new Map<string, string>();
  const tabs: { storage: DraftStorage; changed: (id: string) => void }[] = [];
  let due: (() => void)[] = [];
  return {
    rows,
    tab() {
      const storage: DraftStorage = {
        read: (id) => rows.get(id) ?? null,
        write(id, text) {
          if (text === null) rows.delete(id);
          else rows.set(id, text);
          for (const tab of tabs) if (tab.storage !== storage) tab.changed(id);
        },
        subscribe: (changed) => (tabs.push({ storage, changed }), () => undefined),
      };
      return createDrafts(
        storage,
        (_ms, act) => (due.push(act), () => void (due = due.filter((each) => each !== act))),
      );
    },
    halfASecond: () => due.splice(0).forEach((act) => act()),
  };
}

it('keeps what is typed, saves it half a second later, and finds it again after a reload', () => {
  const one = browser();
  const drafts = one.tab();
  drafts.edit('a', { text: 'Hel' });
  drafts.edit('a', { text: 'Hello' });
  expect(drafts.live('a')?.text).toBe('Hello');
  expect(drafts.saved('a')).toBeNull();
  one.halfASecond();
  expect(drafts.saved('a')?.text).toBe('Hello');
  expect(one.tab().live('a')).toEqual({ text: 'Hello', quote: null });
});

it('never shows the text of one conversation in another', () => {
  const one = browser();
  const drafts = one.tab();
  drafts.edit('a', { text: 'for a' });
  drafts.edit('b', { text: 'for b' });
  drafts.clear('a');
  one.halfASecond();
  expect([drafts.live('a'), drafts.live('b')?.text, drafts.live('c')]).toEqual([null, 'for b', null]);
  expect([...one.rows.keys()]).toEqual(['b']);
});

it('writes nothing back after it was cleared', () => {
  const one = browser();
  const drafts = one.tab();
  drafts.edit('a', { text: 'sent' });
  drafts.clear('a');
  one.halfASecond();
  expect(one.rows.size).toBe(0);
});

it('keeps a quote without text, and forgets a draft that was emptied', () => {
  const one = browser();
  const drafts = one.tab();
  drafts.edit('a', { quote: { messageId: 'm', author: 'Bia', text: 'Hi' } });
  one.halfASecond();
  expect(one.tab().live('a')?.quote?.author).toBe('Bia');
  drafts.edit('a', { quote: null });
  one.halfASecond();
  expect(one.rows.size).toBe(0);
});

it('takes over what another tab wrote, unless one is typing here', () => {
  const one = browser();
  const [here, there] = [one.tab(), one.tab()];
  expect(here.live('a')).toBeNull();
  there.edit('a', { text: 'from there' });
  there.flush();
  expect(here.live('a')?.text).toBe('from there');
  here.edit('a', { text: 'from here' });
  there.edit('a', { text: 'again from there' });
  there.flush();
  expect(here.live('a')?.text).toBe('from here');
});

it('reads nothing into what it did not write', () => {
  const one = browser();
  for (const [id, row] of Object.entries({ a: '{', b: '7', c: '{"text":7}', d: '{"text":"ok","quote":"x"}' }))
    one.rows.set(id, row);
  const drafts = one.tab();
  expect(['a', 'b', 'c', 'd'].map((id) => drafts.live(id))).toEqual([null, null, null, { text: 'ok', quote: null }]);
});

it('gives the same object until something changes, so that nothing is drawn again', () => {
  const drafts = browser().tab();
  drafts.edit('a', { text: 'x' });
  expect(drafts.live('a')).toBe(drafts.live('a'));
});
