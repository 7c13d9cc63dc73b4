import { MembersService } from '@parley/inbox/members/members.service';
import { Module } from '@nestjs/common';
import { MembersController } from './members.controller';

@Module({ providers: [MembersService], controllers: [MembersController] })
export class MembersApiModule {}
