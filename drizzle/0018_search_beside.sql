CREATE TABLE "search_texts" (
	"tenant_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "search_texts_tenant_id_conversation_id_pk" PRIMARY KEY("tenant_id","conversation_id")
);
--> statement-breakpoint
ALTER TABLE "search_texts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "search_texts" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "search_texts" ADD CONSTRAINT "search_texts_tenant_id_conversation_id_conversations_tenant_id_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "public"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "search_texts_app" ON "search_texts" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "search_texts_worker" ON "search_texts" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "search_texts_eraser" ON "search_texts" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "search_texts_parley_search" ON "search_texts" AS PERMISSIVE FOR ALL TO "parley_search" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "search_texts" TO parley_app, parley_worker;--> statement-breakpoint
GRANT SELECT, DELETE ON "search_texts" TO parley_eraser;--> statement-breakpoint
GRANT SELECT ON "search_texts" TO parley_search;--> statement-breakpoint
-- With the rights of whoever writes the conversation.
create function keep_search_text() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into public.search_texts (tenant_id, conversation_id, text) values (new.tenant_id, new.id, new.search_text)
    on conflict (tenant_id, conversation_id) do update set text = excluded.text;
  return null;
end $$;
--> statement-breakpoint
revoke all on function keep_search_text() from public;
--> statement-breakpoint
create trigger conversations_search_text_made after insert on conversations
  for each row execute function keep_search_text();
--> statement-breakpoint
create trigger conversations_search_text_changed after update of search_text on conversations
  for each row when (old.search_text is distinct from new.search_text) execute function keep_search_text();
