import type { BenchCase } from './case';
import { breakerCase } from './pipeline/breaker';
import { coldStartCase } from './pipeline/cold-start';
import { inboundCases } from './pipeline/inbound-cases';
import { neighbourCase } from './pipeline/neighbour';
import { outboundCases } from './pipeline/outbound-cases';
import { soakCase } from './pipeline/soak';
import { growthCase } from './scale/growth';
import { listsCase } from './scale/lists';
import { resumeCase } from './scale/resume';
import { streamsCase } from './scale/streams';
import { tenantsCase } from './scale/tenants';
import { webCase } from './web/web-case';

/** All that can be measured, in the order of the report. */
export const cases: BenchCase[] = [
  ...inboundCases,
  neighbourCase,
  ...outboundCases,
  breakerCase,
  coldStartCase,
  soakCase,
  streamsCase,
  resumeCase,
  tenantsCase,
  webCase,
  listsCase, // these two last: the large install stays until the end
  growthCase,
];
