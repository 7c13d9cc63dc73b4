import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { UploadsModule } from '../files/uploads.module';
import { SendingModule } from '../sending/sending.module';
import { MessagesService } from './messages.service';
import { OutboundService } from './outbound.service';
import { TypingService } from './typing.service';

@Module({
  imports: [AccountsModule, SendingModule, UploadsModule],
  providers: [MessagesService, OutboundService, TypingService],
  exports: [MessagesService, OutboundService, TypingService],
})
export class MessagesModule {}
