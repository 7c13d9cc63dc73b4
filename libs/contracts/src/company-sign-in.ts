import { z } from 'zod';
import { AnyRole } from './permissions';
import { route } from './route';

/** A domain of e-mail addresses, in small letters. */
const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/, 'must be a domain, as in ada@example.com');

const Issuer = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((url) => !/[?#]/.test(url), 'must be an address without ? and #');

/** How a tenant's members sign in with its own OpenID provider. */
export const CompanySignIn = z
  .object({
    /** As the provider writes it itself: to the letter. */
    issuer: Issuer,
    clientId: z.string().trim().min(1).max(500),
    /** Of the e-mail addresses by which somebody is found, or comes in, at their first sign-in. */
    domains: z.array(Domain).min(1).max(20),
    /** What somebody new becomes at their first sign-in; null: nobody new comes in by it. */
    newRole: AnyRole.nullable(),
    /** It counts as the second proof that the tenant may ask of everybody. */
    isSecondProof: z.boolean(),
    /** Members come in by it alone; admins by their password too, so that there is a way back. */
    only: z.boolean(),
  })
  .meta({ id: 'CompanySignIn' });
export type CompanySignIn = z.infer<typeof CompanySignIn>;

const Settings = z.object({
  /** Null: not set up. */
  signIn: CompanySignIn.nullable(),
  /** Where the provider sends people back, to be entered there. */
  redirectUri: z.url(),
  /** Those of its domains that lead here from the sign-in page: an admin here has proven an address of it by mail, and no other tenant did. */
  leading: z.array(z.string()),
});

export const companyChecks = ['answers', 'issuer', 'https', 'signing', 'keys'] as const;

export const getCompanySignIn = route('GET', '/settings/company-sign-in', {
  summary: 'How members sign in with the tenant’s own OpenID provider. Its secret is never told.',
  access: 'member.manage',
  reach: 'caller',
  response: Settings,
});

export const setCompanySignIn = route('PUT', '/settings/company-sign-in', {
  summary:
    'Sets it up, or changes it, by who has every right here: a provider says who anybody is. Another issuer or client takes a secret of its own, ends the sessions that the one before opened, and knows nobody yet.',
  access: 'member.manage',
  reach: 'caller',
  body: CompanySignIn.extend({
    /** May be left out while issuer and client stay. */
    clientSecret: z.string().min(1).max(1000).optional(),
  }),
  response: Settings,
  refuses: ['not_found'],
});

export const removeCompanySignIn = route('DELETE', '/settings/company-sign-in', {
  summary: 'Removes it. Whom it let in is out within a second; their logins stay, and find a password by mail.',
  access: 'member.manage',
  reach: 'caller',
});

export const checkCompanySignIn = route('POST', '/settings/company-sign-in/check', {
  summary: 'Asks a provider for what it says of itself, and looks whether that will do. Nothing is kept.',
  access: 'member.manage',
  reach: 'caller',
  body: z.object({ issuer: Issuer }),
  response: z.object({
    /** In order; it ends with the first that did not pass. */
    checks: z.array(
      z.object({
        name: z.enum(companyChecks),
        passed: z.boolean(),
        /** What is wrong, where it did not pass. */
        detail: z.string().nullable(),
        ms: z.int(),
      }),
    ),
  }),
});

/** Why somebody who comes back from their company's provider is not let in: `/sign-in?company=<one of these>`. */
export const companyRefusals = [
  /** Too late, answered before, or begun in another browser. */
  'expired',
  /** They or the provider said no. */
  'refused',
  /** What the provider answered does not hold. */
  'invalid',
  'unavailable',
  /** The provider does not say that the e-mail address is theirs. */
  'unverified',
  /** It is of another domain. */
  'domain',
  /** Nobody here, or nobody any more. */
  'no_member',
  /** The address is that of somebody who came as another subject. */
  'other_subject',
  /** The tenant asks for a second proof, and the provider's does not count. */
  'second_proof',
  'internal',
] as const;
export type CompanyRefusal = (typeof companyRefusals)[number];
