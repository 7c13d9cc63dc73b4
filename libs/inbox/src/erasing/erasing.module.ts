import type { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ContactEraser } from './contact-eraser';
import { ERASER, eraserProvider } from './eraser';
import { TenantEraser } from './tenant-eraser';
import { TenantRetention } from './tenant-retention';

@Module({
  providers: [eraserProvider, ContactEraser, TenantEraser, TenantRetention],
  exports: [ContactEraser, TenantEraser, TenantRetention],
})
export class ErasingModule implements OnApplicationShutdown {
  constructor(@Inject(ERASER) private readonly pool: SteadyPool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }
}
