import { AppError } from './app-error';
import { ConnectionLost } from './steady-pool';
import { troubleOf } from './trouble';
import { expect, it } from 'vitest';

const coded = (code: string) => Object.assign(new Error(code), { code });

it.each([
  [new ConnectionLost('gone'), 'lost'],
  [coded('ECONNREFUSED'), 'lost'],
  [coded('57P01'), 'lost'],
  [coded('08006'), 'lost'],
  [coded('57014'), 'timeout'],
  [coded('25P03'), 'timeout'],
  [coded('40P01'), 'again'],
  [coded('55P03'), 'again'],
  [new Error('no such luck', { cause: coded('22P05') }), 'refused'],
  [coded('53100'), 'refused'],
  [new AppError('not_found', 'There is none.'), null],
  [new Error('a bug'), null],
])('takes %s for %s', (error, kind) => {
  expect(troubleOf(error)).toBe(kind);
});
