ALTER TABLE "accounts" ADD COLUMN "pacing" jsonb;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "chat_id" uuid NOT NULL;--> statement-breakpoint
CREATE INDEX "attempts_unknown" ON "attempts" USING btree ("tenant_id","chat_id","started_at") WHERE status = 2;--> statement-breakpoint
-- A message "sent elsewhere" leaves again when a result or status ties its id to one of ours.
grant delete on messages, message_edits, reactions to parley_worker;
