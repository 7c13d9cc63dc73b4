import { expect, it } from 'vitest';
import { type KeyPress, shortcutOf } from './shortcuts';

const free = { typing: false, onControl: false, inPopup: false, mac: false, after: null };

function press(code: string, change: Partial<KeyPress> = {}): KeyPress {
  return {
    code,
    key: code.replace('Key', '').toLowerCase(),
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    isComposing: false,
    ...change,
  };
}

it('goes by the place of a letter, whatever the layout prints there', () => {
  expect(shortcutOf(press('KeyE', { key: 'у' }), free)).toBe('resolve');
});

it('goes by the sign where one is meant', () => {
  expect(shortcutOf(press('Digit7', { key: '/', shiftKey: true }), free)).toBe('search'); // German layout
  expect(shortcutOf(press('Digit9', { key: ']', altKey: true }), free)).toBe('panel');
});

it('never takes single keys from somebody who types, or composes with an input method', () => {
  expect(shortcutOf(press('KeyE'), { ...free, typing: true })).toBeNull();
  expect(shortcutOf(press('KeyE', { isComposing: true }), free)).toBeNull();
  expect(shortcutOf(press('KeyE', { key: 'E', ctrlKey: true, shiftKey: true }), { ...free, typing: true })).toBe(
    'resolveAndNext',
  );
  expect(shortcutOf(press('ArrowDown', { altKey: true }), { ...free, typing: true })).toBe('nextWaiting');
});

it('leaves menus and dialogs their own keys', () => {
  expect(shortcutOf(press('Escape'), { ...free, inPopup: true })).toBeNull();
});

it('keeps letters with AltGr or Option for the letters they write', () => {
  expect(shortcutOf(press('KeyA', { ctrlKey: true, altKey: true }), free)).toBeNull();
  expect(shortcutOf(press('KeyA', { altKey: true }), { ...free, mac: true })).toBeNull();
});

it('knows the modifier of each system', () => {
  expect(shortcutOf(press('KeyZ', { metaKey: true }), { ...free, mac: true })).toBe('undo');
  expect(shortcutOf(press('KeyZ', { ctrlKey: true }), { ...free, mac: true })).toBeNull();
});

it('leaves Enter to the button that has the focus', () => {
  expect(shortcutOf(press('Enter'), free)).toBe('open');
  expect(shortcutOf(press('Enter'), { ...free, onControl: true })).toBeNull();
});

it('reads a sequence', () => {
  expect(shortcutOf(press('KeyI'), free)).toBe('assignToMe');
  expect(shortcutOf(press('KeyI'), { ...free, after: 'KeyG' })).toBe('goToInbox');
  expect(shortcutOf(press('KeyS'), { ...free, after: 'KeyG' })).toBe('goToSettings');
});
