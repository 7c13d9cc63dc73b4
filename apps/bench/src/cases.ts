import type { BenchCase } from './case';
import { inboundCases } from './pipeline/inbound-cases';

/** All that can be measured, in the order of the report. */
export const cases: BenchCase[] = [...inboundCases];
