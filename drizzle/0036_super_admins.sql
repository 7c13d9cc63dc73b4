CREATE TABLE "super_admin_invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"via" text NOT NULL,
	"token_hash" text NOT NULL,
	"invited_by" uuid,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "super_admin_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "super_admin_invitations" ADD CONSTRAINT "super_admin_invitations_invited_by_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "super_admin_invitations_open" ON "super_admin_invitations" USING btree ("email") WHERE accepted_at is null and revoked_at is null;--> statement-breakpoint
grant select, insert, update, delete on super_admin_invitations to parley_platform;
