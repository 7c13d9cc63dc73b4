import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { languages } from '@parley/contracts/languages';
import { describe, expect, it } from 'vitest';
import { fileOf, messages } from './messages';

const folder = path.join(import.meta.dirname, '../../messages');
const spoken = languages.map((language) => ({ language, words: wordsIn(language) }));
const english = wordsIn('en');

it('has a folder for each language and no other, and a file for each namespace', () => {
  expect(readdirSync(folder).sort()).toEqual([...languages].sort());
  for (const language of languages)
    expect(readdirSync(path.join(folder, language)).sort()).toEqual(
      Object.keys(messages)
        .map((name) => `${fileOf(name)}.json`)
        .sort(),
    );
});

describe.each(spoken)('$language', ({ language, words }) => {
  it('says all that English says, and nothing else', () => {
    expect([...words.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('leaves nothing empty', () => {
    expect([...words].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('names the same values and tags as English', () => {
    for (const [key, text] of words) {
      const theirs = holesOf(parse(english.get(key) ?? ''));
      expect({ key, ...holesOf(parse(text)) }).toEqual({ key, ...theirs });
    }
  });

  it('has every form that its numbers take', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.filter((form) => form !== 'many');
    for (const [key, text] of words)
      for (const plural of pluralsOf(parse(text)))
        expect({ key, forms: plural.filter((form) => !form.startsWith('=')).sort() }).toEqual({
          key,
          forms: [...forms].sort(),
        });
  });
});

/** Every message by its key: `settings.you.title`. */
function wordsIn(language: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (at: string, value: unknown) => {
    if (typeof value === 'string') found.set(at, value);
    else for (const [name, inner] of Object.entries(value as object)) walk(`${at}.${name}`, inner);
  };
  for (const file of readdirSync(path.join(folder, language)))
    walk(path.basename(file, '.json'), JSON.parse(readFileSync(path.join(folder, language, file), 'utf8')));
  return found;
}

/** What is filled in, what is marked up, and between which words is chosen. Which of them is counted each language says itself. */
function holesOf(elements: MessageFormatElement[]): { values: string[]; tags: string[]; choices: string[] } {
  const [values, tags, choices] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const element of flat(elements)) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
    if (element.type === TYPE.tag) tags.add(element.value);
    else values.add(element.value);
    if (element.type === TYPE.select)
      for (const option of Object.keys(element.options)) choices.add(`${element.value} ${option}`);
  }
  return { values: [...values].sort(), tags: [...tags].sort(), choices: [...choices].sort() };
}

/** The forms of each choice by a number; not of one that only tells nothing from something, and says no number. */
function pluralsOf(elements: MessageFormatElement[]): string[][] {
  return flat(elements).flatMap((element) => {
    if (element.type !== TYPE.plural) return [];
    const forms = Object.keys(element.options);
    const tellsNumber = flat([element]).some(({ type }) => type === TYPE.pound);
    return tellsNumber || forms.some((form) => form !== '=0' && form !== 'other') ? [forms] : [];
  });
}

function flat(elements: MessageFormatElement[]): MessageFormatElement[] {
  return elements.flatMap((element) => {
    if (element.type === TYPE.tag) return [element, ...flat(element.children)];
    if (element.type === TYPE.plural || element.type === TYPE.select)
      return [element, ...Object.values(element.options).flatMap(({ value }) => flat(value))];
    return [element];
  });
}
