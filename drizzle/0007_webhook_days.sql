-- Makes the partitions of the next 7 days and drops those older than `keep_days`; called by the workers' timers. UTC days.
-- `needed`: days whose webhooks somebody still waits for; the caller names them, for the owner sees no row of `pending`.
-- A day that cannot be made or dropped now is told and left to the next call. One caller at a time: the second does nothing.
drop function maintain_webhook_partitions(int);
--> statement-breakpoint
create function maintain_webhook_partitions(keep_days int, needed date[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  today date := (now() at time zone 'utc')::date;
  day date;
  part text;
begin
  if keep_days < 1 then raise exception 'keep_days must be at least 1, not %', keep_days; end if;
  if not pg_try_advisory_xact_lock(7002) then return; end if;
  for i in 0..7 loop
    day := today + i;
    part := 'webhooks_' || to_char(day, 'YYYYMMDD');
    continue when to_regclass('parts.' || part) is not null;
    begin
      -- Nothing joins the default in between; attaching takes the same lock.
      lock table parts.webhooks_default in access exclusive mode;
      -- While no worker was there the day's webhooks went into the default. So many that moving them would hold up the
      -- intake stay there: it only costs their being dropped whole.
      if (select count(*) from (select from parts.webhooks_default where received_on = day limit 20001) d) > 20000 then
        raise warning 'webhooks of % stay in the default partition', day;
        continue;
      end if;
      execute format('create table parts.%I (like public.webhooks including defaults including storage)', part);
      execute format('with d as (delete from parts.webhooks_default where received_on = %L returning *)
        insert into parts.%I select * from d', day, part);
      execute format('alter table public.webhooks attach partition parts.%I for values from (%L) to (%L)', part, day, day + 1);
    exception when others then
      raise warning 'no partition for webhooks of %: %', day, sqlerrm;
    end;
  end loop;
  for part, day in
    select relname, d from pg_class cross join lateral to_date(right(relname, 8), 'YYYYMMDD') d
    where relnamespace = 'parts'::regnamespace and relname ~ '^webhooks_\d{8}$' and relkind = 'r'
      and d < today - keep_days and d <> all(needed)
  loop
    begin
      execute format('drop table parts.%I', part);
    exception when others then
      raise warning 'the webhooks of % could not be dropped: %', day, sqlerrm;
    end;
  end loop;
  delete from parts.webhooks_default where ctid = any(array(
    select ctid from parts.webhooks_default where received_on < today - keep_days and received_on <> all(needed) limit 10000));
end $$;
--> statement-breakpoint
revoke all on function maintain_webhook_partitions(int, date[]) from public;
--> statement-breakpoint
grant execute on function maintain_webhook_partitions(int, date[]) to parley_worker;
