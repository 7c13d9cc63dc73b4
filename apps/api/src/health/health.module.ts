import { IntakeModule } from '@parley/inbox/intake/intake.module';
import { StoreWatch } from '@parley/platform/store-watch';
import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthChecks } from './health-checks';
import { HealthController } from './health.controller';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), IntakeModule],
  providers: [HealthChecks, StoreWatch],
  controllers: [HealthController],
})
export class HealthModule {}
