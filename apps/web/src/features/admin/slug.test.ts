import { expect, it } from 'vitest';
import { slugOf } from './slug';

it.each([
  ['Vale Verde Imóveis', 'vale-verde-imoveis'],
  ['Casa cu Țăran & fii', 'casa-cu-taran-fii'],
  ['  --  ', ''],
  ['Яблоко 7', '7'],
  [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
])('%s becomes %s', (name, slug) => expect(slugOf(name)).toBe(slug));
