import { PeopleModule } from '@parley/inbox/people/people.module';
import { Module } from '@nestjs/common';
import { DemoController } from './demo.controller';
import { MeController } from './me.controller';
import { SecurityController } from './security.controller';
import { SettingsController } from './settings.controller';

@Module({
  imports: [PeopleModule],
  controllers: [MeController, DemoController, SecurityController, SettingsController],
})
export class PeopleApiModule {}
