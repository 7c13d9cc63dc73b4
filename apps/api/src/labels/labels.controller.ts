import { createLabel, listLabels, updateLabel } from '@parley/contracts/labels';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { LabelsService } from '@parley/inbox/labels/labels.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class LabelsController {
  constructor(private readonly labels: LabelsService) {}

  @Route(listLabels)
  list(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listLabels>) {
    return this.labels.list(ctx, query);
  }

  @Route(createLabel)
  create(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof createLabel>) {
    return this.labels.create(ctx, body);
  }

  @Route(updateLabel)
  update(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof updateLabel>) {
    return this.labels.update(ctx, params.id, body);
  }
}
