import {
  createAccount,
  deleteAccount,
  getAccount,
  getAccountGroups,
  getAccountImpact,
  listAccountDays,
  listAccounts,
  listProviders,
  listTemplates,
  pairAccount,
  setAccountGroups,
  updateAccount,
} from '@parley/contracts/accounts';
import type { InputOf } from '@parley/contracts/route';
import { AccountsService } from '@parley/inbox/accounts/accounts.service';
import { ConnectionsService } from '@parley/inbox/accounts/connections.service';
import { GroupsService } from '@parley/inbox/accounts/groups.service';
import type { MemberContext } from '@parley/inbox/context';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly connections: ConnectionsService,
    private readonly groups: GroupsService,
  ) {}

  @Route(listAccounts)
  list(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listAccounts>) {
    return this.accounts.list(ctx, query);
  }

  @Route(listAccountDays)
  days(@Ctx() ctx: MemberContext) {
    return this.connections.days(ctx);
  }

  @Route(listProviders)
  providers() {
    return { items: this.accounts.providers() };
  }

  @Route(getAccount)
  get(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof getAccount>) {
    return this.accounts.get(ctx, params.id);
  }

  @Route(createAccount)
  create(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof createAccount>) {
    return this.accounts.create(ctx, body);
  }

  @Route(updateAccount)
  update(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof updateAccount>) {
    return this.accounts.update(ctx, params.id, body);
  }

  @Route(pairAccount)
  pair(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof pairAccount>) {
    return this.connections.pair(ctx, params.id, body.phone);
  }

  @Route(getAccountGroups)
  heardGroups(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof getAccountGroups>) {
    return this.groups.get(ctx, params.id);
  }

  @Route(setAccountGroups)
  hearGroups(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof setAccountGroups>) {
    return this.groups.set(ctx, params.id, body);
  }

  @Route(getAccountImpact)
  impact(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof getAccountImpact>) {
    return this.connections.impact(ctx, params.id);
  }

  @Route(deleteAccount)
  delete(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof deleteAccount>) {
    return this.accounts.delete(ctx, params.id);
  }

  @Route(listTemplates)
  async templates(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof listTemplates>) {
    return { items: await this.accounts.templates(ctx, params.id) };
  }
}
