'use client';

import type { Channel, getAccountGroups } from '@parley/contracts/accounts';
import type { ResponseOf } from '@parley/contracts/route';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { CheckField } from '@/components/check-field';
import { Field } from '@/components/field';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { Fold } from './fold';
import { RefusalBanner } from './refusal-banner';

type Heard = ResponseOf<typeof getAccountGroups>;
type Choice = Pick<Heard, 'ignored' | 'allowed'>;

const groupsKey = (id: string) => ['account', id, 'groups'];
/** The rest is found by name. */
const FIRST = 20;

/** Which groups make conversations. The provider is asked for their names only once somebody looks. */
export function HeardGroups({ accountId, channel }: { accountId: string; channel: Channel }) {
  const words = useTranslations('accounts.groups');
  const [open, setOpen] = useState(false); // once looked at, it stays asked
  return (
    <Fold title={words('title', { slack: channel === 'slack' ? 'yes' : 'no' })} strong onOpen={() => setOpen(true)}>
      {open && <Loaded accountId={accountId} />}
    </Fold>
  );
}

function Loaded({ accountId }: { accountId: string }) {
  const words = useTranslations('accounts.groups');
  const query = useQuery({
    queryKey: groupsKey(accountId),
    queryFn: async ({ signal }) => (await call(routes.getAccountGroups, { params: { id: accountId }, signal })).body,
  });
  if (query.error && !query.data) return <RefusalBanner error={query.error} />;
  if (!query.data)
    return (
      <p role="status" className="pt-2 text-ink-2">
        {words('asking')}
      </p>
    );
  return <Chosen accountId={accountId} heard={query.data} />;
}

function Chosen({ accountId, heard }: { accountId: string; heard: Heard }) {
  const words = useTranslations('accounts.groups');
  const client = useQueryClient();
  const [draft, setDraft] = useState<Choice | null>(null);
  const { ignored, allowed } = draft ?? heard;
  const save = useMutation({
    mutationFn: async (body: Choice) => (await call(routes.setAccountGroups, { params: { id: accountId }, body })).body,
    onSuccess: (now) => {
      client.setQueryData<Heard>(groupsKey(accountId), (before) => before && { ...before, ...now });
      setDraft(null);
    },
  });
  const change = (part: Partial<Choice>) => setDraft({ ignored, allowed, ...part });
  return (
    <form
      className="grid gap-1 pt-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (draft) save.mutate(draft);
      }}
    >
      <CheckField
        radio
        name="groups"
        label={words('hear')}
        hint={words('hearHint')}
        checked={!ignored}
        onChange={() => change({ ignored: false })}
      />
      <CheckField
        radio
        name="groups"
        label={words('ignore')}
        hint={words('ignoreHint')}
        checked={ignored}
        onChange={() => change({ ignored: true })}
      />
      {ignored && <Allowed heard={heard} allowed={allowed} onChange={(list) => change({ allowed: list })} />}
      {save.error && <RefusalBanner error={save.error} />}
      <div className="flex items-center gap-3 pt-2">
        <Button type="submit" variant="line" disabled={!draft || save.isPending}>
          {words('save')}
        </Button>
        <p role="status" className="text-meta text-ok-ink">
          {save.isSuccess && !draft ? words('saved') : ''}
        </p>
      </div>
    </form>
  );
}

interface AllowedProps {
  heard: Heard;
  allowed: string[];
  onChange: (allowed: string[]) => void;
}

/** Those that are heard all the same. What was chosen stays in the list, also when the provider does not name it any more. */
function Allowed({ heard: { groups, obstacle, allowed: saved }, allowed, onChange }: AllowedProps) {
  const words = useTranslations('accounts.groups');
  const [find, setFind] = useState('');
  const known = groups ?? [];
  const gone = saved.filter((id) => !known.some(({ externalId }) => externalId === id));
  const all = [...gone.map((externalId) => ({ externalId, title: externalId })), ...known];
  const chosen = new Set(saved);
  const needle = find.trim().toLocaleLowerCase();
  const matching = all
    .filter(({ title }) => title.toLocaleLowerCase().includes(needle))
    .toSorted((one, other) => Number(chosen.has(other.externalId)) - Number(chosen.has(one.externalId)));
  return (
    <fieldset className="ms-[26px] grid gap-1">
      <legend className="mb-1 font-medium">{words('but')}</legend>
      {obstacle && <p className="text-pretty text-warn-ink">{obstacle}</p>}
      {all.length > FIRST && (
        <Field label={words('find')} value={find} onChange={(event) => setFind(event.target.value)} />
      )}
      {all.length > 0 && matching.length === 0 && <p className="text-ink-3">{words('none')}</p>}
      {matching.slice(0, FIRST).map(({ externalId, title }) => (
        <CheckField
          key={externalId}
          label={<span dir="auto">{title}</span>}
          hint={groups && gone.includes(externalId) ? words('gone') : undefined}
          checked={allowed.includes(externalId)}
          onChange={({ target }) =>
            onChange(target.checked ? [...allowed, externalId] : allowed.filter((id) => id !== externalId))
          }
        />
      ))}
      {matching.length > FIRST && (
        <p className="text-meta text-ink-3">{words('more', { count: matching.length - FIRST })}</p>
      )}
    </fieldset>
  );
}
