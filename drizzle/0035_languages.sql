ALTER TABLE "users" ADD COLUMN "language" text;--> statement-breakpoint
-- There are three to choose from now.
UPDATE "tenants" SET "language" = CASE WHEN "language" LIKE 'pt%' THEN 'pt-BR' WHEN "language" LIKE 'ro%' THEN 'ro' ELSE 'en' END WHERE "language" NOT IN ('en', 'pt-BR', 'ro');
--> statement-breakpoint
grant update (language) on tenants to parley_app;
