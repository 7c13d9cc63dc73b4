import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module';
import { SendingModule } from '../sending/sending.module';
import { NamesService } from './names.service';

@Module({ imports: [IntakeModule, SendingModule], providers: [NamesService], exports: [NamesService] })
export class NamesModule {}
