import { IntakeModule } from '@parley/inbox/intake/intake.module';
import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthChecks } from './health-checks';
import { HealthController } from './health.controller';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), IntakeModule],
  providers: [HealthChecks],
  controllers: [HealthController],
})
export class HealthModule {}
