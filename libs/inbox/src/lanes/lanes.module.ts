import { Module } from '@nestjs/common';
import { TrafficModule } from '../upkeep/traffic.module';
import { LanesService } from './lanes.service';

@Module({ imports: [TrafficModule], providers: [LanesService], exports: [LanesService] })
export class LanesModule {}
