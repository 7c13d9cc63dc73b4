import { PeopleModule } from '@parley/inbox/people/people.module';
import { Module } from '@nestjs/common';
import { MeController } from './me.controller';

@Module({ imports: [PeopleModule], controllers: [MeController] })
export class PeopleApiModule {}
