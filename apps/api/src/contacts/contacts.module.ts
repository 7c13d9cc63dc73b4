import { ContactsService } from '@parley/inbox/contacts/contacts.service';
import { Module } from '@nestjs/common';
import { ContactsController } from './contacts.controller';

@Module({ providers: [ContactsService], controllers: [ContactsController] })
export class ContactsApiModule {}
