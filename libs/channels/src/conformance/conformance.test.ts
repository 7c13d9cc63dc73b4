import { providers } from '@parley/contracts/accounts';
import { describe, it } from 'vitest';
import { registry } from '../registry';
import { countHostile } from './calls-in';
import { checks, tryCheck } from './conformance';
import type { Sample } from './sample';
import { samples } from './samples';

describe.each(providers)('%s', (name) => {
  const sample: Sample = { ...samples[name], provider: registry[name] };
  describe(`${sample.fixtures.length} fixtures, ${countHostile(sample)} hostile calls`, () => {
    it.each(checks.map((check) => [check.name, check] as const))('%s', { timeout: 60_000 }, (_rule, check) =>
      tryCheck(check, sample),
    );
  });
});
