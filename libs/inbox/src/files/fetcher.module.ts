import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module';
import { FetcherService } from './fetcher.service';
import { RemoverService } from './remover.service';

/** The worker's half: asks providers for files, and takes away what was removed. */
@Module({
  imports: [SendingModule],
  providers: [FetcherService, RemoverService],
  exports: [FetcherService, RemoverService],
})
export class FetcherModule {}
