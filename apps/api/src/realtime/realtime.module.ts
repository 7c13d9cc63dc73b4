import { RealtimeModule } from '@parley/inbox/realtime/realtime.module';
import { Module } from '@nestjs/common';
import { RealtimeController } from './realtime.controller';

@Module({ imports: [RealtimeModule], controllers: [RealtimeController] })
export class RealtimeApiModule {}
