import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { LabelsService } from '../labels/labels.service';
import { DemoSeeder } from './demo.seeder';

/** The demo's data; only the seed command uses it. */
@Module({ imports: [AccountsModule], providers: [DemoSeeder, LabelsService], exports: [DemoSeeder] })
export class DemoModule {}
