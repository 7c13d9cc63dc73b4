import { Module } from '@nestjs/common';
import { IntakePulse } from './intake-pulse';
import { IntakeService } from './intake.service';

@Module({ providers: [IntakeService, IntakePulse], exports: [IntakeService, IntakePulse] })
export class IntakeModule {}
