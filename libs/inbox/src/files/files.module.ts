import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module';
import { FilesService } from './files.service';

@Module({ imports: [PeopleModule], providers: [FilesService], exports: [FilesService] })
export class FilesModule {}
