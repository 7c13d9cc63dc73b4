'use client';

import type { Language } from '@parley/contracts/languages';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Refused } from '@/components/refused';
import { languageName, LanguageOrNone } from '@/features/admin/tenant-fields';
import { meQuery, useMe } from '@/features/session/queries';
import { teamRoutes } from '@/features/team/routes';
import { call } from '@/lib/api';

/** In which language one is spoken to: chosen, or the tenant's. The page comes again in it. */
export function LanguagePart({ chosen }: { chosen: Language | null }) {
  const words = useTranslations('settings.language');
  const client = useQueryClient();
  const tenant = useMe()?.tenant;
  const choose = useMutation({
    mutationFn: (language: Language | null) => call(teamRoutes.changeMe, { body: { language } }),
    onSuccess: () => client.refetchQueries(meQuery),
  });
  return (
    <div className="grid max-w-[360px] gap-2 pb-8">
      <Refused error={choose.error} />
      <LanguageOrNone
        value={chosen}
        none={tenant ? words('asTenant', { language: languageName(tenant.language) }) : words('asBrowser')}
        disabled={choose.isPending}
        onChange={(language) => choose.mutate(language)}
      />
    </div>
  );
}
