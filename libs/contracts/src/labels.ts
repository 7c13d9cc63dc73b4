import { z } from 'zod';
import { mine } from './can';
import { Hue, Id, IdParams, page, PageQuery, text } from './primitives';
import { route } from './route';

export const Label = z.object({ id: Id, name: z.string(), hue: Hue }).meta({ id: 'Label' });
export type Label = z.infer<typeof Label>;

/** As whoever asks is shown it. */
export const ListedLabel = Label.extend({ me: mine('label') });
export type ListedLabel = z.infer<typeof ListedLabel>;

const name = text().trim().min(1).max(40);

export const listLabels = route('GET', '/inbox/labels', {
  summary: 'Labels of the tenant, by name.',
  access: 'label.read',
  reach: 'caller',
  query: PageQuery,
  response: page(ListedLabel),
});

export const createLabel = route('POST', '/inbox/labels', {
  summary: 'Adds a label. Its name is unique in the tenant, whatever the case. Without a hue it gets one by its name.',
  access: 'label.manage',
  reach: 'caller',
  body: z.object({ name, hue: Hue.optional() }),
  response: ListedLabel,
  status: 201,
  refuses: ['conflict'],
});

export const updateLabel = route('PATCH', '/inbox/labels/:id', {
  summary: 'Names a label anew, or gives it another hue. Conversations keep it.',
  access: 'label.manage',
  reach: 'tenant',
  params: IdParams,
  body: z.object({ name: name.optional(), hue: Hue.optional() }),
  response: ListedLabel,
  refuses: ['conflict'],
});
