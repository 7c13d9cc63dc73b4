'use client';

import { permissions } from '@parley/contracts/permission-names';
import type { Permission } from '@parley/contracts/permissions';
import { CheckField } from '@/components/check-field';
import { usePermissionWords } from './use-permission-words';

interface PermissionFieldsProps {
  legend: string;
  hint?: string;
  value: readonly Permission[];
  onChange: (permissions: Permission[]) => void;
}

/** What somebody, or a program, may do. */
export function PermissionFields({ legend, hint, value, onChange }: PermissionFieldsProps) {
  const permissionWords = usePermissionWords();
  return (
    <fieldset>
      <legend className="pb-1 font-medium">{legend}</legend>
      {hint && <p className="pb-1 text-meta text-ink-3">{hint}</p>}
      <div className="grid md:grid-cols-2 md:gap-x-6">
        {permissions.map((permission) => (
          <CheckField
            key={permission}
            checked={value.includes(permission)}
            onChange={({ target }) =>
              onChange(permissions.filter((one) => (one === permission ? target.checked : value.includes(one))))
            }
            label={<span className="first-letter:uppercase">{permissionWords(permission)}</span>}
          />
        ))}
      </div>
    </fieldset>
  );
}
