ALTER TABLE "accounts" ADD COLUMN "ignores_groups" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "allowed_groups" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "members_at" timestamp (3) with time zone;