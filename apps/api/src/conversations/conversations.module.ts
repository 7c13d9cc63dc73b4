import { ConversationsModule } from '@parley/inbox/conversations/conversations.module';
import { Module } from '@nestjs/common';
import { ConversationsController } from './conversations.controller';

@Module({ imports: [ConversationsModule], controllers: [ConversationsController] })
export class ConversationsApiModule {}
