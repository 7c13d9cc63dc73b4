import { LabelsService } from '@parley/inbox/labels/labels.service';
import { Module } from '@nestjs/common';
import { LabelsController } from './labels.controller';

@Module({ providers: [LabelsService], controllers: [LabelsController] })
export class LabelsApiModule {}
