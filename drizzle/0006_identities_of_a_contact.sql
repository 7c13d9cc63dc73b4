-- A contact's panel names their addresses; writing first looks for who has one.
grant select on identities to parley_app;
