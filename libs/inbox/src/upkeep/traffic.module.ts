import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module';
import { TrafficService } from './traffic.service';

@Module({ imports: [SendingModule], providers: [TrafficService], exports: [TrafficService] })
export class TrafficModule {}
