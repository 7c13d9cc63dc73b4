import type { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ContactEraser } from './contact-eraser';
import { ERASER, eraserProvider } from './eraser';
import { TenantEraser } from './tenant-eraser';

@Module({ providers: [eraserProvider, ContactEraser, TenantEraser], exports: [ContactEraser, TenantEraser] })
export class ErasingModule implements OnApplicationShutdown {
  constructor(@Inject(ERASER) private readonly pool: SteadyPool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }
}
