import { Module } from '@nestjs/common';
import { NamesModule } from '../names/names.module';
import { TrafficModule } from '../upkeep/traffic.module';
import { LanesService } from './lanes.service';

@Module({ imports: [TrafficModule, NamesModule], providers: [LanesService], exports: [LanesService] })
export class LanesModule {}
