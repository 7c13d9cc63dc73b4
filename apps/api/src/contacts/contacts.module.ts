import { ContactsService } from '@parley/inbox/contacts/contacts.service';
import { ErasingModule } from '@parley/inbox/erasing/erasing.module';
import { Module } from '@nestjs/common';
import { ContactsController } from './contacts.controller';

@Module({ imports: [ErasingModule], providers: [ContactsService], controllers: [ContactsController] })
export class ContactsApiModule {}
