import { MessagesModule } from '@parley/inbox/messages/messages.module';
import { Module } from '@nestjs/common';
import { MessagesController } from './messages.controller';

@Module({ imports: [MessagesModule], controllers: [MessagesController] })
export class MessagesApiModule {}
