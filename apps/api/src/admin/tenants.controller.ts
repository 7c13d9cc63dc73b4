import type { InputOf } from '@parley/contracts/route';
import {
  createTenant,
  deleteTenant,
  getTenant,
  inviteTenantAdmin,
  listTenants,
  restoreTenant,
  suspendTenant,
  updateTenant,
} from '@parley/contracts/tenants';
import type { PlatformContext } from '@parley/inbox/context';
import { TenantsService } from '@parley/inbox/tenants/tenants.service';
import { Controller } from '@nestjs/common';
import { Input, Platform, Route } from '../http/route.decorator';

@Controller()
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Route(listTenants)
  list(@Input() { query }: InputOf<typeof listTenants>) {
    return this.tenants.list(query);
  }

  @Route(getTenant)
  get(@Input() { params }: InputOf<typeof getTenant>) {
    return this.tenants.get(params.id);
  }

  @Route(createTenant)
  create(@Platform() ctx: PlatformContext, @Input() { body }: InputOf<typeof createTenant>) {
    return this.tenants.create(ctx, body);
  }

  @Route(inviteTenantAdmin)
  invite(@Platform() ctx: PlatformContext, @Input() { params, body }: InputOf<typeof inviteTenantAdmin>) {
    return this.tenants.invite(ctx, params.id, body);
  }

  @Route(updateTenant)
  update(@Platform() ctx: PlatformContext, @Input() { params, body }: InputOf<typeof updateTenant>) {
    return this.tenants.update(ctx, params.id, body);
  }

  @Route(suspendTenant)
  suspend(@Platform() ctx: PlatformContext, @Input() { params }: InputOf<typeof suspendTenant>) {
    return this.tenants.suspend(ctx, params.id);
  }

  @Route(restoreTenant)
  restore(@Platform() ctx: PlatformContext, @Input() { params }: InputOf<typeof restoreTenant>) {
    return this.tenants.restore(ctx, params.id);
  }

  @Route(deleteTenant)
  delete(@Platform() ctx: PlatformContext, @Input() { params, query }: InputOf<typeof deleteTenant>) {
    return this.tenants.delete(ctx, params.id, query.graceDays);
  }
}
