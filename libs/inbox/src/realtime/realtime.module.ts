import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module';
import { Admission } from './admission';
import { EventLog } from './event-log';
import { EventPagesService } from './event-pages.service';
import { RealtimeService } from './realtime.service';

@Module({
  imports: [PeopleModule],
  providers: [Admission, EventLog, EventPagesService, RealtimeService],
  exports: [EventPagesService, RealtimeService],
})
export class RealtimeModule {}
