import { z } from 'zod';
import { BusinessHours } from './business-hours';
import { Logo } from './logo';
import { Hue, LanguageName } from './primitives';
import { route } from './route';
import { TenantName, TimeZone } from './tenants';

/** How a tenant shows itself to its members, and when it is there. */
export const TenantSettings = z
  .object({
    name: TenantName,
    /** Of its mark; null: ink. */
    hue: Hue.nullable(),
    /** Its mark, where it has a picture; null: a letter. */
    logo: Logo.nullable(),
    timeZone: TimeZone,
    /** Of its members who chose none, and of mails to whom it invites. */
    language: LanguageName,
    /** Null: nobody said; then nothing is said of it. */
    hours: BusinessHours.nullable(),
  })
  .meta({ id: 'TenantSettings' });
export type TenantSettings = z.infer<typeof TenantSettings>;

export const getTenantSettings = route('GET', '/settings/tenant', {
  summary: 'Name, colour, logo, time zone and language of the tenant, its business hours and holidays.',
  access: 'settings.manage',
  reach: 'caller',
  response: TenantSettings,
});

export const setTenantSettings = route('PATCH', '/settings/tenant', {
  summary:
    'Changes what is named. Hours and holidays are set as a whole; nothing but what members are shown goes by them. A logo is a PNG, JPEG or WebP of 1 MB at most; what is kept and answered is a small square one, drawn anew. A body may have 1.5 MB here.',
  access: 'settings.manage',
  reach: 'caller',
  body: TenantSettings.partial(),
  response: TenantSettings,
});
