import { Module } from '@nestjs/common';
import { UploadsService } from './uploads.service';

/** Files of members on their way here. */
@Module({ providers: [UploadsService], exports: [UploadsService] })
export class UploadsModule {}
