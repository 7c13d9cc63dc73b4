import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from '@parley/contracts/api-keys';
import type { InputOf } from '@parley/contracts/route';
import { ApiKeysService } from '@parley/inbox/api-keys/api-keys.service';
import type { MemberContext } from '@parley/inbox/context';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Route(listApiKeys)
  list(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listApiKeys>) {
    return this.keys.list(ctx, query);
  }

  @Route(createApiKey)
  create(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof createApiKey>) {
    return this.keys.create(ctx, body);
  }

  @Route(rotateApiKey)
  rotate(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof rotateApiKey>) {
    return this.keys.rotate(ctx, params.id, body.graceHours);
  }

  @Route(revokeApiKey)
  revoke(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof revokeApiKey>) {
    return this.keys.revoke(ctx, params.id);
  }
}
