import { z } from 'zod';
import { BusinessHours } from './business-hours';
import { Logo } from './logo';
import { SignInPlace } from './members';
import { AnyRole, Permission } from './permissions';
import { At, Hue, Id, IdParams, LanguageName } from './primitives';
import { route } from './route';
import { AgentsSee } from './visibility';

const Tenant = z.object({
  id: Id,
  name: z.string(),
  slug: z.string(),
  /** Of its mark; null: ink. */
  hue: Hue.nullable(),
  /** Its mark, where it has a picture; null: a letter. */
  logo: Logo.nullable(),
  timeZone: z.string(),
  language: LanguageName,
  /** Null: nobody said. */
  hours: BusinessHours.nullable(),
  agentsSee: AgentsSee,
  requireTwoFactor: z.boolean(),
});

export const Me = z
  .object({
    user: z.object({
      id: Id,
      name: z.string(),
      email: z.email(),
      superAdmin: z.boolean(),
      twoFactor: z.boolean(),
      /** Chosen; null: as the tenant has it. */
      language: LanguageName.nullable(),
    }),
    memberships: z.array(
      z.object({
        tenantId: Id,
        memberId: Id,
        name: z.string(),
        slug: z.string(),
        role: AnyRole,
        needsTwoFactor: z.boolean(),
        /** Its members come in by their company's sign-in alone, and this session is another. */
        needsCompany: z.boolean(),
      }),
    ),
    /** Null: a member of nothing, or not chosen yet. */
    tenant: Tenant.nullable(),
    memberId: Id.nullable(),
    role: AnyRole.nullable(),
    permissions: z.array(Permission),
    /** A super-admin acts as this user: who, and until when. Never to be missed. */
    impersonation: z.object({ by: z.string(), until: At }).nullable(),
    /** The active tenant's own provider opened this session: it stays in that tenant, and how the person signs in elsewhere is closed to it. */
    byCompany: z.boolean(),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;

export const getMe = route('GET', '/me', {
  summary: 'Who is signed in, where they belong, and what they may do in the active tenant.',
  access: 'session',
  reach: 'caller',
  response: Me,
});

export const switchTenant = route('POST', '/me/tenant', {
  summary:
    'Makes another membership the active one of this session. Not for who acts as somebody, nor in a session of the company’s sign-in.',
  access: 'session',
  reach: 'membership',
  body: z.object({ tenantId: Id }),
  response: Me,
  refuses: ['not_found'],
});

export const changeMe = route('PATCH', '/me', {
  summary: 'Chooses the language in which one is spoken to; null: the tenant’s.',
  access: 'session',
  reach: 'caller',
  body: z.object({ language: LanguageName.nullable() }),
});

export const listMySessions = route('GET', '/me/sessions', {
  summary: 'Where one is signed in, newest first. Not for who acts as them, nor in a session of the company’s sign-in.',
  access: 'session',
  reach: 'oneself',
  response: z.object({ items: z.array(SignInPlace) }),
});

export const endMySession = route('DELETE', '/me/sessions/:id', {
  summary: 'Signs out there. Not for who acts as them, nor in a session of the company’s sign-in.',
  access: 'session',
  reach: 'oneself',
  params: IdParams,
});

export const endMySessions = route('DELETE', '/me/sessions', {
  summary:
    'Signs out everywhere, here too, within a second. Not for who acts as them, nor in a session of the company’s sign-in.',
  access: 'session',
  reach: 'oneself',
});
