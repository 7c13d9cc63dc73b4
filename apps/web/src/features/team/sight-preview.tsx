'use client';

import type { TeamMember } from '@parley/contracts/members';
import type { AnyRole } from '@parley/contracts/permissions';
import { useQuery } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Icon } from '@/components/icon';
import { WhyNot } from '@/components/refused';
import { sightQuery } from './queries';
import { usePermissionWords } from './use-permission-words';

interface SightPreviewProps {
  member: TeamMember;
  role: AnyRole;
  accountIds: string[] | null;
}

/** What the member can see: as they are, or as they would be. */
export function SightPreview({ member, role, accountIds }: SightPreviewProps) {
  const words = useTranslations('team.sight');
  const permissionWords = usePermissionWords();
  const asIs = role === member.role && String(accountIds) === String(member.accountIds);
  const sight = useQuery({ ...sightQuery(member.id, role, accountIds), placeholderData: (old) => old });
  const chosen = sight.data?.accounts.filter(({ id }) => accountIds === null || accountIds.includes(id)) ?? [];
  return (
    <section aria-label={words('title')} className="grid gap-2 rounded-3 bg-fill px-3 py-2.5">
      <h3 className="flex items-center gap-2 text-ui">
        <Icon of={Eye} className="text-ink-3" />
        {words(asIs ? 'title' : 'would')}
      </h3>
      {sight.isError && (
        <p role="alert" className="text-danger-ink">
          <WhyNot error={sight.error} />
        </p>
      )}
      {sight.data && (
        <div role="status" className="grid gap-2" aria-busy={sight.isPlaceholderData}>
          <p>{words('conversations', { count: sight.data.conversations })}</p>
          <ul className="grid gap-0.5">
            {chosen.map(({ id, name, sees }) => (
              <li key={id} className="flex flex-wrap gap-x-3">
                <span className="min-w-[120px] font-medium">{name}</span>
                <span className="text-ink-2">{words(`sees.${sees}`)}</span>
              </li>
            ))}
          </ul>
          <p className="text-meta text-pretty text-ink-2">
            {words('may')} {sight.data.permissions.map((permission) => permissionWords(permission)).join(', ')}.
          </p>
        </div>
      )}
    </section>
  );
}
