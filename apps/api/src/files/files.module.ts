import { FilesModule } from '@parley/inbox/files/files.module';
import { UploadsModule } from '@parley/inbox/files/uploads.module';
import { Module } from '@nestjs/common';
import { FilesController } from './files.controller';
import { UploadsController } from './uploads.controller';

@Module({ imports: [FilesModule, UploadsModule], controllers: [FilesController, UploadsController] })
export class FilesApiModule {}
