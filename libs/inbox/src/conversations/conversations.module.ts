import { Module } from '@nestjs/common';
import { LabelsService } from '../labels/labels.service';
import { MembersService } from '../members/members.service';
import { MessagesModule } from '../messages/messages.module';
import { SendingModule } from '../sending/sending.module';
import { ConversationsService } from './conversations.service';
import { StartService } from './start.service';

@Module({
  imports: [MessagesModule, SendingModule],
  providers: [ConversationsService, StartService, LabelsService, MembersService],
  exports: [ConversationsService, StartService],
})
export class ConversationsModule {}
