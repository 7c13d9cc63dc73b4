import type { CrashPoint } from '@parley/platform/crash-points';
import { Inbound } from './crash-inbound';
import { after, awaitedLater, type CrashStage } from './crash-stage';

const STREAMS = 5;

/** The api dies with streams open that were told of some events and not of the next. */
export async function openStreams(stage: CrashStage, point: CrashPoint): Promise<string> {
  const scene = await Inbound.open(stage);
  await stage.startDying(`${point}:3`);
  const watchers = await stage.watch(scene.owner, STREAMS);
  const writing = awaitedLater(scene.write());
  await stage.died(point);
  const since = performance.now();
  await stage.startAgain();
  await writing;
  await scene.expectWhole();
  await stage.expectTold(watchers);
  await Promise.all([scene.close(), watchers.stop()]);
  return after(since, `${STREAMS} streams complete`);
}

/** The api dies when it has read what streams missed, and told them nothing of it. */
export async function missedEvents(stage: CrashStage, point: CrashPoint): Promise<string> {
  const scene = await Inbound.open(stage);
  await scene.write();
  await scene.expectWhole();
  await scene.close();
  await stage.startDying(point);
  const connecting = awaitedLater(stage.watch(scene.owner, STREAMS));
  await stage.died(point);
  const since = performance.now();
  await stage.startAgain();
  const watchers = await connecting;
  await stage.expectTold(watchers);
  await watchers.stop();
  return after(since, `${STREAMS} streams complete`);
}
