CREATE TABLE "accounts" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"provider" text NOT NULL,
	"channel" text NOT NULL,
	"name" text NOT NULL,
	"address" text,
	"state" text DEFAULT 'connecting' NOT NULL,
	"state_detail" text,
	"state_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"paused_at" timestamp (3) with time zone,
	"config" jsonb NOT NULL,
	"credentials" text NOT NULL,
	"webhook_secrets" text NOT NULL,
	"routing_key" uuid,
	"group_key" uuid,
	"app_id" uuid,
	"agents_see_unassigned" boolean,
	"qr" jsonb,
	"unreadable" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "accounts_routing_key" UNIQUE("routing_key"),
	CONSTRAINT "accounts_name" UNIQUE("tenant_id","name")
);
--> statement-breakpoint
ALTER TABLE "accounts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "apps" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"provider" text NOT NULL,
	"key" text NOT NULL,
	"secrets" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "apps_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "apps_key" UNIQUE("key")
);
--> statement-breakpoint
ALTER TABLE "apps" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "contacts" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text,
	"named_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contacts_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "contacts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "identities" (
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"contact_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "identities_tenant_id_kind_address_pk" PRIMARY KEY("tenant_id","kind","address")
);
--> statement-breakpoint
ALTER TABLE "identities" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "merge_suggestions" (
	"tenant_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"other_id" uuid NOT NULL,
	"evidence" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "merge_suggestions_tenant_id_contact_id_other_id_pk" PRIMARY KEY("tenant_id","contact_id","other_id")
);
--> statement-breakpoint
ALTER TABLE "merge_suggestions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "chat_addresses" (
	"tenant_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"address" text NOT NULL,
	"chat_id" uuid NOT NULL,
	CONSTRAINT "chat_addresses_tenant_id_account_id_address_pk" PRIMARY KEY("tenant_id","account_id","address")
);
--> statement-breakpoint
ALTER TABLE "chat_addresses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "chats" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"external_id" text NOT NULL,
	"contact_id" uuid,
	CONSTRAINT "chats_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "chats_address" UNIQUE("tenant_id","account_id","external_id")
);
--> statement-breakpoint
ALTER TABLE "chats" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "conversation_labels" (
	"tenant_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"label_id" uuid NOT NULL,
	CONSTRAINT "conversation_labels_tenant_id_conversation_id_label_id_pk" PRIMARY KEY("tenant_id","conversation_id","label_id")
);
--> statement-breakpoint
ALTER TABLE "conversation_labels" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "conversations" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"account_id" uuid NOT NULL,
	"chat_id" uuid NOT NULL,
	"contact_id" uuid,
	"title" text NOT NULL,
	"search_text" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"assignee_id" uuid,
	"received" bigint DEFAULT 0 NOT NULL,
	"answered" bigint DEFAULT 0 NOT NULL,
	"waiting_since" timestamp (3) with time zone,
	"last_inbound_at" timestamp (3) with time zone,
	"last_message_id" uuid,
	"last_direction" text,
	"last_type" text,
	"preview" text,
	"last_sender" text,
	"last_message_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"newest" bigint DEFAULT 0 NOT NULL,
	"dated" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversations_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
) WITH (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE "conversations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "labels" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"hue" integer NOT NULL,
	CONSTRAINT "labels_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "labels_name" UNIQUE("tenant_id","name_key")
);
--> statement-breakpoint
ALTER TABLE "labels" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "participants" (
	"tenant_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"address" text NOT NULL,
	"name" text,
	"admin" boolean DEFAULT false NOT NULL,
	"left_at" timestamp (3) with time zone,
	CONSTRAINT "participants_tenant_id_conversation_id_address_pk" PRIMARY KEY("tenant_id","conversation_id","address")
);
--> statement-breakpoint
ALTER TABLE "participants" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "reads" (
	"tenant_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"seen" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "reads_tenant_id_member_id_conversation_id_pk" PRIMARY KEY("tenant_id","member_id","conversation_id")
);
--> statement-breakpoint
ALTER TABLE "reads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "event_heads" (
	"tenant_id" uuid NOT NULL,
	"floor" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "event_heads_tenant_id_pk" PRIMARY KEY("tenant_id")
);
--> statement-breakpoint
ALTER TABLE "event_heads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "events" (
	"tenant_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"type" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"conversation_id" uuid,
	"account_id" uuid,
	"assignee_id" uuid,
	"was_assignee_id" uuid,
	"member_id" uuid,
	"correlation_id" text,
	"data" text NOT NULL,
	CONSTRAINT "events_tenant_id_seq_pk" PRIMARY KEY("tenant_id","seq")
);
--> statement-breakpoint
ALTER TABLE "events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "lanes" (
	"lane" smallint PRIMARY KEY NOT NULL,
	"upto" bigint DEFAULT 0 NOT NULL,
	"head" uuid,
	"tries" smallint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pending" (
	"tenant_id" uuid NOT NULL,
	"received_on" date NOT NULL,
	"key" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"lane" smallint NOT NULL,
	"arrival" bigint NOT NULL,
	"chat" text,
	"due_at" timestamp (3) with time zone,
	"dead" text,
	CONSTRAINT "pending_tenant_id_received_on_key_pk" PRIMARY KEY("tenant_id","received_on","key")
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
ALTER TABLE "pending" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhooks" (
	"tenant_id" uuid NOT NULL,
	"received_on" date NOT NULL,
	"key" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"correlation_id" text NOT NULL,
	"body" "bytea" NOT NULL,
	CONSTRAINT "webhooks_tenant_id_received_on_key_pk" PRIMARY KEY("tenant_id","received_on","key")
) PARTITION BY RANGE ("received_on");
--> statement-breakpoint
ALTER TABLE "webhooks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "attempts" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"delivery_id" uuid NOT NULL,
	"status" smallint DEFAULT 1 NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"external_id" text,
	"reason" text,
	"detail" text,
	CONSTRAINT "attempts_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "deliveries" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"chat_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"kind" text DEFAULT 'message' NOT NULL,
	"emoji" text,
	"member_id" uuid,
	"status" smallint DEFAULT 0 NOT NULL,
	"reason" text,
	"detail" text,
	"head" boolean DEFAULT false NOT NULL,
	"place" bigint NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"attempt_id" uuid,
	"tries" smallint DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deliveries_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "deliveries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "externals" (
	"tenant_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"scope" text DEFAULT '' NOT NULL,
	"external_id" text NOT NULL,
	"message_id" uuid,
	"attempt_id" uuid,
	"status" smallint,
	"status_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"waiting" jsonb,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "externals_tenant_id_account_id_scope_external_id_pk" PRIMARY KEY("tenant_id","account_id","scope","external_id")
) WITH (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE "externals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"tenant_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"response" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_tenant_id_member_id_key_pk" PRIMARY KEY("tenant_id","member_id","key")
);
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "message_edits" (
	"tenant_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"content" jsonb NOT NULL,
	CONSTRAINT "message_edits_tenant_id_message_id_at_pk" PRIMARY KEY("tenant_id","message_id","at")
);
--> statement-breakpoint
ALTER TABLE "message_edits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "messages" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"chat_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"content" jsonb NOT NULL,
	"sender_contact_id" uuid,
	"sender_member_id" uuid,
	"sender_name" text,
	"origin" text,
	"quote" jsonb,
	"forwarded" boolean DEFAULT false NOT NULL,
	"position" bigint NOT NULL,
	"dated" bigint,
	"late" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"edited_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"delivery" smallint,
	"delivery_reason" text,
	"delivery_detail" text,
	"delivery_at" timestamp (3) with time zone,
	"webhook_key" uuid,
	CONSTRAINT "messages_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "reactions" (
	"tenant_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"actor" text NOT NULL,
	"name" text,
	"emoji" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "reactions_tenant_id_message_id_actor_pk" PRIMARY KEY("tenant_id","message_id","actor")
);
--> statement-breakpoint
ALTER TABLE "reactions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"password" text,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "credentials_provider" UNIQUE("provider_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"user_id" uuid NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"active_tenant_id" uuid,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_token" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"super_admin" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "members" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"rights_seq" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "members_user" UNIQUE("tenant_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"language" text DEFAULT 'en' NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"agents_see_unassigned" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenants_slug" UNIQUE("slug")
);
--> statement-breakpoint
ALTER TABLE "tenants" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "apps" ADD CONSTRAINT "apps_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_tenant_id_contact_id_contacts_tenant_id_id_fk" FOREIGN KEY ("tenant_id","contact_id") REFERENCES "public"."contacts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "merge_suggestions" ADD CONSTRAINT "merge_suggestions_tenant_id_contact_id_contacts_tenant_id_id_fk" FOREIGN KEY ("tenant_id","contact_id") REFERENCES "public"."contacts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "merge_suggestions" ADD CONSTRAINT "merge_suggestions_tenant_id_other_id_contacts_tenant_id_id_fk" FOREIGN KEY ("tenant_id","other_id") REFERENCES "public"."contacts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_addresses" ADD CONSTRAINT "chat_addresses_tenant_id_chat_id_chats_tenant_id_id_fk" FOREIGN KEY ("tenant_id","chat_id") REFERENCES "public"."chats"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_tenant_id_account_id_accounts_tenant_id_id_fk" FOREIGN KEY ("tenant_id","account_id") REFERENCES "public"."accounts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_tenant_id_conversation_id_conversations_tenant_id_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "public"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_labels" ADD CONSTRAINT "conversation_labels_tenant_id_conversation_id_conversations_tenant_id_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "public"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_labels" ADD CONSTRAINT "conversation_labels_tenant_id_label_id_labels_tenant_id_id_fk" FOREIGN KEY ("tenant_id","label_id") REFERENCES "public"."labels"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_tenant_id_account_id_accounts_tenant_id_id_fk" FOREIGN KEY ("tenant_id","account_id") REFERENCES "public"."accounts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_tenant_id_contact_id_contacts_tenant_id_id_fk" FOREIGN KEY ("tenant_id","contact_id") REFERENCES "public"."contacts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_tenant_id_assignee_id_members_tenant_id_id_fk" FOREIGN KEY ("tenant_id","assignee_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "participants" ADD CONSTRAINT "participants_tenant_id_conversation_id_conversations_tenant_id_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "public"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reads" ADD CONSTRAINT "reads_tenant_id_member_id_members_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reads" ADD CONSTRAINT "reads_tenant_id_conversation_id_conversations_tenant_id_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "public"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_tenant_id_delivery_id_deliveries_tenant_id_id_fk" FOREIGN KEY ("tenant_id","delivery_id") REFERENCES "public"."deliveries"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_tenant_id_chat_id_chats_tenant_id_id_fk" FOREIGN KEY ("tenant_id","chat_id") REFERENCES "public"."chats"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_tenant_id_account_id_accounts_tenant_id_id_fk" FOREIGN KEY ("tenant_id","account_id") REFERENCES "public"."accounts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_tenant_id_message_id_messages_tenant_id_id_fk" FOREIGN KEY ("tenant_id","message_id") REFERENCES "public"."messages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "externals" ADD CONSTRAINT "externals_tenant_id_account_id_accounts_tenant_id_id_fk" FOREIGN KEY ("tenant_id","account_id") REFERENCES "public"."accounts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_edits" ADD CONSTRAINT "message_edits_tenant_id_message_id_messages_tenant_id_id_fk" FOREIGN KEY ("tenant_id","message_id") REFERENCES "public"."messages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_tenant_id_conversation_id_conversations_tenant_id_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "public"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_tenant_id_chat_id_chats_tenant_id_id_fk" FOREIGN KEY ("tenant_id","chat_id") REFERENCES "public"."chats"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_tenant_id_message_id_messages_tenant_id_id_fk" FOREIGN KEY ("tenant_id","message_id") REFERENCES "public"."messages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_group" ON "accounts" USING btree ("group_key");--> statement-breakpoint
CREATE INDEX "identities_contact" ON "identities" USING btree ("tenant_id","contact_id");--> statement-breakpoint
CREATE INDEX "chat_addresses_chat" ON "chat_addresses" USING btree ("tenant_id","chat_id");--> statement-breakpoint
CREATE INDEX "chats_conversation" ON "chats" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE INDEX "conversation_labels_label" ON "conversation_labels" USING btree ("tenant_id","label_id");--> statement-breakpoint
CREATE INDEX "conversations_all" ON "conversations" USING btree ("tenant_id","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "conversations_status" ON "conversations" USING btree ("tenant_id","status","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "conversations_assignee" ON "conversations" USING btree ("tenant_id","assignee_id","status","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "conversations_contact" ON "conversations" USING btree ("tenant_id","contact_id");--> statement-breakpoint
CREATE INDEX "pending_lane" ON "pending" USING btree ("lane","arrival") WHERE dead is null;--> statement-breakpoint
CREATE INDEX "pending_dead" ON "pending" USING btree ("tenant_id","account_id") WHERE dead is not null;--> statement-breakpoint
CREATE INDEX "attempts_delivery" ON "attempts" USING btree ("tenant_id","delivery_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_head" ON "deliveries" USING btree ("tenant_id","chat_id") WHERE head;--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("account_id","due_at") WHERE head;--> statement-breakpoint
CREATE INDEX "deliveries_queue" ON "deliveries" USING btree ("tenant_id","chat_id","place") WHERE status = 0 and not head;--> statement-breakpoint
CREATE INDEX "deliveries_message" ON "deliveries" USING btree ("tenant_id","message_id");--> statement-breakpoint
CREATE INDEX "externals_message" ON "externals" USING btree ("tenant_id","message_id");--> statement-breakpoint
CREATE INDEX "externals_waiting" ON "externals" USING btree ("seen_at") WHERE message_id is null;--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "messages_thread" ON "messages" USING btree ("tenant_id","conversation_id","position" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "messages_dated" ON "messages" USING btree ("tenant_id","chat_id","dated") WHERE dated is not null;--> statement-breakpoint
CREATE INDEX "messages_unreadable" ON "messages" USING btree ("tenant_id","webhook_key") WHERE webhook_key is not null;--> statement-breakpoint
CREATE INDEX "credentials_user" ON "credentials" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verifications_identifier" ON "verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "members_of_user" ON "members" USING btree ("user_id");--> statement-breakpoint
CREATE POLICY "accounts_app" ON "accounts" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "accounts_worker" ON "accounts" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "accounts_parley_intake" ON "accounts" AS PERMISSIVE FOR ALL TO "parley_intake" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "apps_app" ON "apps" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "apps_worker" ON "apps" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "apps_parley_intake" ON "apps" AS PERMISSIVE FOR ALL TO "parley_intake" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "contacts_app" ON "contacts" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "contacts_worker" ON "contacts" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "identities_app" ON "identities" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "identities_worker" ON "identities" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "merge_suggestions_app" ON "merge_suggestions" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "merge_suggestions_worker" ON "merge_suggestions" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "chat_addresses_app" ON "chat_addresses" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "chat_addresses_worker" ON "chat_addresses" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "chats_app" ON "chats" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "chats_worker" ON "chats" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "conversation_labels_app" ON "conversation_labels" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "conversation_labels_worker" ON "conversation_labels" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "conversations_app" ON "conversations" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "conversations_worker" ON "conversations" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "conversations_parley_search" ON "conversations" AS PERMISSIVE FOR ALL TO "parley_search" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "labels_app" ON "labels" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "labels_worker" ON "labels" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "participants_app" ON "participants" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "participants_worker" ON "participants" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "reads_app" ON "reads" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "reads_worker" ON "reads" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "event_heads_app" ON "event_heads" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "event_heads_worker" ON "event_heads" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "event_heads_parley_platform" ON "event_heads" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "events_app" ON "events" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "events_worker" ON "events" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "events_parley_platform" ON "events" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "pending_app" ON "pending" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "pending_worker" ON "pending" AS PERMISSIVE FOR ALL TO "parley_worker" USING (true);--> statement-breakpoint
CREATE POLICY "pending_parley_intake" ON "pending" AS PERMISSIVE FOR ALL TO "parley_intake" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "webhooks_app" ON "webhooks" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "webhooks_worker" ON "webhooks" AS PERMISSIVE FOR ALL TO "parley_worker" USING (true);--> statement-breakpoint
CREATE POLICY "webhooks_parley_intake" ON "webhooks" AS PERMISSIVE FOR ALL TO "parley_intake" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "attempts_app" ON "attempts" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "attempts_worker" ON "attempts" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "deliveries_app" ON "deliveries" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deliveries_worker" ON "deliveries" AS PERMISSIVE FOR ALL TO "parley_worker" USING (true);--> statement-breakpoint
CREATE POLICY "externals_app" ON "externals" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "externals_worker" ON "externals" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "idempotency_keys_app" ON "idempotency_keys" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "idempotency_keys_worker" ON "idempotency_keys" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "message_edits_app" ON "message_edits" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "message_edits_worker" ON "message_edits" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "messages_app" ON "messages" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "messages_worker" ON "messages" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "reactions_app" ON "reactions" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "reactions_worker" ON "reactions" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "members_app" ON "members" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "members_worker" ON "members" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "members_parley_platform" ON "members" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenants_app" ON "tenants" AS PERMISSIVE FOR ALL TO "parley_app" USING (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "tenants_worker" ON "tenants" AS PERMISSIVE FOR ALL TO "parley_worker" USING (id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "tenants_parley_platform" ON "tenants" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);