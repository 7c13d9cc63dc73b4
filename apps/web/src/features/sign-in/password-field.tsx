'use client';

import { Eye, EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '@/components/field';
import { Icon } from '@/components/icon';

type PasswordFieldProps = Omit<React.ComponentProps<typeof Field>, 'type' | 'tail'>;

/** A password that can be looked at. */
export function PasswordField(props: PasswordFieldProps) {
  const words = useTranslations('signIn');
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...props}
      type={shown ? 'text' : 'password'}
      required
      tail={
        <button
          type="button"
          aria-label={words(shown ? 'hidePassword' : 'showPassword')}
          onClick={() => setShown(!shown)}
          className="-me-1.5 grid size-7 flex-none place-items-center rounded-2 text-ink-2 hover:bg-hover hover:text-ink"
        >
          <Icon of={shown ? EyeOff : Eye} />
        </button>
      }
    />
  );
}
