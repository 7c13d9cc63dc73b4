import { Module } from '@nestjs/common';
import { MeService } from './me.service';
import { SessionsService } from './sessions.service';

@Module({ providers: [SessionsService, MeService], exports: [SessionsService, MeService] })
export class PeopleModule {}
