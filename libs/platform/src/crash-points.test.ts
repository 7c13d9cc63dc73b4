import { expect, it } from 'vitest';
import { armCrashPoints, crashPoint } from './crash-points';

it('refuses to be armed outside of the build that has crash points, and marks nothing there', () => {
  expect(armCrashPoints(undefined)).toBeUndefined();
  expect(armCrashPoints('')).toBeUndefined();
  expect(armCrashPoints('worker.W4')).toMatch(/^FAULT .* no crash points/);
  crashPoint('worker.W4'); // we live
});
