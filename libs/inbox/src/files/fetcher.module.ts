import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module';
import { FetcherService } from './fetcher.service';

/** The worker's half: asks providers for files. */
@Module({ imports: [SendingModule], providers: [FetcherService], exports: [FetcherService] })
export class FetcherModule {}
