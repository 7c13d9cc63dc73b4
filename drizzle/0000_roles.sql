-- The roles that every connection works as; none owns a table or passes row-level security. Roles belong to the whole
-- cluster: another database of it may have made them already.
do $$
declare name text;
begin
  foreach name in array array['parley_app', 'parley_worker', 'parley_intake', 'parley_platform', 'parley_search'] loop
    begin
      execute format('create role %I nologin nosuperuser nobypassrls', name);
    exception when duplicate_object or unique_violation then null;
    end;
    -- Who migrates also starts the pools as these roles, unless logins of their own are configured. Who made a role without
    -- being superuser is its member since Postgres 16, and still may not become it.
    begin
      execute format('grant %I to current_user', name);
    exception when unique_violation then null; -- at the same time as another database's migration
    when insufficient_privilege then
      if not pg_has_role(current_user, name, 'member') then raise; end if; -- another owner made it, and let this one be it
    end;
  end loop;
end $$;
