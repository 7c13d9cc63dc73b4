import { randomUUID } from 'node:crypto';
import type { Language } from '@parley/contracts/languages';
import { type APIRequestContext, type BrowserContext, test } from '@playwright/test';
import { password } from './journey';

/** A tenant of its own, made over the API by whoever runs the install; its admin's invitation is a link. */
export interface FreshTenant {
  id: string;
  name: string;
  slug: string;
  adminEmail: string;
  invitation: string;
}

export async function freshTenant(
  superAdmin: APIRequestContext,
  name: string,
  language: Language = 'en',
): Promise<FreshTenant> {
  const slug = `t-${randomUUID().slice(0, 8)}`;
  const adminEmail = `admin@${slug}.test`;
  const answer = await post(superAdmin, '/api/admin/tenants', {
    name,
    slug,
    language,
    admin: { email: adminEmail, via: 'link' },
  });
  const { tenant, invitationLink } = answer as { tenant: { id: string }; invitationLink: string };
  return { id: tenant.id, name, slug, adminEmail, invitation: invitationLink };
}

/** Accepts an invitation as somebody new and signs them in there. */
export async function joinAs(context: BrowserContext, link: string, name: string): Promise<string> {
  const token = new URL(link).hash.slice(1);
  const { email } = (await post(context.request, '/api/invitations/accept', { token, name, password })) as {
    email: string;
  };
  await post(context.request, '/api/auth/sign-in/email', { email, password });
  return email;
}

/** A write as a page of ours would do it. Throws what was answered instead. */
export async function post(request: APIRequestContext, path: string, data: unknown): Promise<unknown> {
  const answer = await request.post(path, { data, headers: { origin: originOf() } });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

function originOf(): string {
  const { baseURL } = test.info().project.use;
  if (!baseURL) throw new Error('playwright.config.ts names no baseURL');
  return new URL(baseURL).origin;
}
