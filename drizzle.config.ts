import { defineConfig } from 'drizzle-kit';

/** `npm run db:generate` compares the schema with `drizzle/meta`; it needs neither a database nor the network. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './libs/db/src/schema/*.ts',
  out: './drizzle',
  casing: 'snake_case',
});
