import { Building2, List, type LucideIcon, Plug, PackageX, ShieldUser } from 'lucide-react';
import { usePathname } from 'next/navigation';

export const adminSections = ['tenants', 'accounts', 'dead-letters', 'super-admins', 'audit'] as const;
export type AdminSection = (typeof adminSections)[number];

export const adminIcons: Record<AdminSection, LucideIcon> = {
  tenants: Building2,
  accounts: Plug,
  'dead-letters': PackageX,
  'super-admins': ShieldUser,
  audit: List,
};

/** Where one is, as the address says it; `section` null: nowhere. */
export interface AdminPlace {
  section: AdminSection | null;
  tenant: string | null;
}

export function useAdminPlace(): AdminPlace {
  const [, , name, id] = usePathname().split('/');
  if (!name) return { section: 'tenants', tenant: null };
  const section = adminSections.find((one) => one === name) ?? null;
  return { section, tenant: section === 'tenants' && id ? id : null };
}

export function adminPath(section: AdminSection, tenant?: string): string {
  return tenant ? `/admin/${section}/${tenant}` : section === 'tenants' ? '/admin' : `/admin/${section}`;
}

/** A link that goes there without asking the server for a page; for `onClick` beside its `href`. */
export function goTo(path: string): (event: React.MouseEvent) => void {
  return (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    window.history.pushState(null, '', path);
  };
}
