import { ExportService } from '@parley/inbox/export/export.service';
import { Module } from '@nestjs/common';
import { ExportController } from './export.controller';

@Module({ providers: [ExportService], controllers: [ExportController] })
export class ExportApiModule {}
