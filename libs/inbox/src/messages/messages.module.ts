import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { SendingModule } from '../sending/sending.module';
import { MessagesService } from './messages.service';
import { OutboundService } from './outbound.service';
import { TypingService } from './typing.service';

@Module({
  imports: [AccountsModule, SendingModule],
  providers: [MessagesService, OutboundService, TypingService],
  exports: [MessagesService, OutboundService, TypingService],
})
export class MessagesModule {}
