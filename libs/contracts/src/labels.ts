import { z } from 'zod';
import { Hue, Id, page, PageQuery, text } from './primitives';
import { route } from './route';

export const Label = z.object({ id: Id, name: z.string(), hue: Hue }).meta({ id: 'Label' });
export type Label = z.infer<typeof Label>;

export const listLabels = route('GET', '/inbox/labels', {
  summary: 'Labels of the tenant, by name.',
  access: 'label.read',
  reach: 'caller',
  query: PageQuery,
  response: page(Label),
});

export const createLabel = route('POST', '/inbox/labels', {
  summary: 'Adds a label. Its name is unique in the tenant, whatever the case. Without a hue it gets one by its name.',
  access: 'label.manage',
  reach: 'caller',
  body: z.object({ name: text().trim().min(1).max(40), hue: Hue.optional() }),
  response: Label,
  status: 201,
  refuses: ['conflict'],
});
