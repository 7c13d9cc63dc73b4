import type { ChaosCase } from '../case';
import { clocksAreWrong } from './clocks';
import { apiKilledAtEveryPoint, workerKilledAtEveryPoint } from './crash-points';
import { postgresFailsOver } from './failover';
import { diskIsFull } from './full-disk';
import { batchIsGiant } from './giant-batch';
import { workerFrozen, workersKilled } from './killed-workers';
import { migratedLive } from './live-migration';
import { backendsTerminated, commitsUnheard, postgresCrashed, postgresFrozen } from './postgres-trouble';
import { redisCases } from './redis';
import { everythingRestarted } from './restarts';
import { roadsSilent } from './silence';
import { eventLoopsStall } from './stalls';
import { lanesStolen } from './stolen-lanes';

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
  diskIsFull(),
  clocksAreWrong(),
  everythingRestarted(),
  migratedLive(),
  batchIsGiant(),
  eventLoopsStall(),
  lanesStolen(),
];
