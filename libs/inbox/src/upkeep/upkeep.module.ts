import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { ErasingModule } from '../erasing/erasing.module';
import { IntakeModule } from '../intake/intake.module';
import { MembersService } from '../members/members.service';
import { SendingModule } from '../sending/sending.module';
import { AssignmentService } from './assignment.service';
import { BacklogService } from './backlog.service';
import { CensusService } from './census.service';
import { DoubtsService } from './doubts.service';
import { HistoryService } from './history.service';
import { RenewalsService } from './renewals.service';
import { RetentionService } from './retention.service';
import { WatchService } from './watch.service';

/** What the worker's slow timers do. */
@Module({
  imports: [AccountsModule, ErasingModule, IntakeModule, SendingModule],
  providers: [
    AssignmentService,
    MembersService,
    BacklogService,
    CensusService,
    DoubtsService,
    HistoryService,
    RenewalsService,
    RetentionService,
    WatchService,
  ],
  exports: [
    AssignmentService,
    BacklogService,
    CensusService,
    DoubtsService,
    RenewalsService,
    RetentionService,
    WatchService,
    ErasingModule,
  ],
})
export class UpkeepModule {}
