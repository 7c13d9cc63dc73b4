import type { ChaosCase } from '../case';
import { clocksAreWrong } from './clocks';
import { apiKilledAtEveryPoint, workerKilledAtEveryPoint } from './crash-points';
import { postgresFailsOver } from './failover';
import { tenantDeleted } from './deleted-tenant';
import { diskIsFull } from './full-disk';
import { batchIsGiant } from './giant-batch';
import { workerFrozen, workersKilled } from './killed-workers';
import { fileCases } from './files';
import { migratedLive } from './live-migration';
import { neighbourCases } from './neighbours';
import { payloadsPoisoned } from './payloads';
import { backendsTerminated, commitsUnheard, postgresCrashed, postgresFrozen } from './postgres-trouble';
import { providerClocksAreWrong } from './provider-clocks';
import { providerCases } from './provider-trouble';
import { redisCases } from './redis';
import { repeatCases } from './repeats';
import { everythingRestarted } from './restarts';
import { secretsRotated } from './rotated-secrets';
import { roadsSilent } from './silence';
import { eventLoopsStall } from './stalls';
import { lanesStolen } from './stolen-lanes';
import { streamCases } from './streams';

/** Every row of the fault matrix that can run. */
export const cases: ChaosCase[] = [
  apiKilledAtEveryPoint(),
  workerKilledAtEveryPoint(),
  workersKilled(),
  workerFrozen(),
  postgresFrozen(),
  postgresCrashed(),
  postgresFailsOver(),
  backendsTerminated(),
  ...redisCases,
  commitsUnheard(),
  roadsSilent(),
  ...providerCases,
  ...repeatCases,
  ...neighbourCases,
  payloadsPoisoned(),
  diskIsFull(),
  ...fileCases,
  clocksAreWrong(),
  providerClocksAreWrong(),
  ...streamCases,
  everythingRestarted(),
  migratedLive(),
  batchIsGiant(),
  eventLoopsStall(),
  lanesStolen(),
  tenantDeleted(),
  secretsRotated(),
];
