import { FilesModule } from '@parley/inbox/files/files.module';
import { Module } from '@nestjs/common';
import { FilesController } from './files.controller';

@Module({ imports: [FilesModule], controllers: [FilesController] })
export class FilesApiModule {}
