'use client';

import { ApiError } from '@parley/client/api-error';
import type { TenantSettings } from '@parley/contracts/tenant-settings';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Refused } from '@/components/refused';
import { TenantFace } from '@/components/tenant-face';
import { say } from '@/components/toast';
import { MAX_LOGO_BYTES } from '@/lib/contract-values';
import { Part } from './section-head';
import { useSaveTenant } from './tenant-settings';

/** The picture that stands for the tenant. */
export function LogoPart({ settings: { name, hue, logo } }: { settings: TenantSettings }) {
  const words = useTranslations('settings.logo');
  const save = useSaveTenant(() => say(words('saved')));
  const picker = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const set = useMutation({
    mutationFn: async (file: File | null) => {
      if (file && file.size > MAX_LOGO_BYTES) throw new ApiError('too_large', 413, words('tooLarge'));
      await save.mutateAsync({ logo: file && (await dataUrlOf(file)) });
    },
  });
  return (
    <Part title={words('title')} hint={words('hint')}>
      <div className="grid max-w-[520px] gap-4">
        <Refused error={set.error} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <span role="img" aria-label={name} className="size-12 flex-none rounded-3 text-title select-none">
            <TenantFace name={name} hue={hue} logo={logo} />
          </span>
          <input
            ref={picker}
            type="file"
            hidden
            aria-label={words('title')}
            accept="image/png,image/jpeg,image/webp"
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              if (file) set.mutate(file);
              target.value = ''; // the same file may be chosen again
            }}
          />
          <Button
            ref={opener}
            variant="line"
            aria-disabled={set.isPending} // and no more: who came from here is still here
            className="aria-disabled:opacity-50"
            onClick={() => !set.isPending && picker.current?.click()}
          >
            {words(set.isPending ? 'saving' : logo === null ? 'choose' : 'replace')}
          </Button>
          {logo !== null && (
            <LinkButton
              disabled={set.isPending}
              onClick={() => {
                opener.current?.focus(); // this one goes
                set.mutate(null);
              }}
            >
              {words('remove')}
            </LinkButton>
          )}
        </div>
      </div>
    </Part>
  );
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error('the file could not be read', { cause: reader.error }));
    reader.readAsDataURL(file);
  });
}
