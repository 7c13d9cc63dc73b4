import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module';
import { EventLog } from './event-log';
import { RealtimeService } from './realtime.service';

@Module({ imports: [PeopleModule], providers: [EventLog, RealtimeService], exports: [RealtimeService] })
export class RealtimeModule {}
