import { Module } from '@nestjs/common';
import { LanesService } from './lanes.service';

@Module({ providers: [LanesService], exports: [LanesService] })
export class LanesModule {}
