# Two images from one build: `server` (api, worker, simulator, migrations) and `web` (the pages).

FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/api/package.json apps/api/
COPY apps/bench/package.json apps/bench/
COPY apps/chaos/package.json apps/chaos/
COPY apps/simulator/package.json apps/simulator/
COPY apps/web/package.json apps/web/
COPY apps/worker/package.json apps/worker/
COPY libs/channels/package.json libs/channels/
COPY libs/client/package.json libs/client/
COPY libs/contracts/package.json libs/contracts/
COPY libs/db/package.json libs/db/
COPY libs/inbox/package.json libs/inbox/
COPY libs/platform/package.json libs/platform/
COPY libs/testing/package.json libs/testing/

FROM manifests AS build
ENV NX_DAEMON=false NX_NO_CLOUD=true NEXT_TELEMETRY_DISABLED=1
RUN npm ci --ignore-scripts
COPY . .
RUN npx nx run-many -t build --outputStyle=static

# Without what only a clone on a bare machine needs: its own Node, PostgreSQL and browser are optional packages.
FROM manifests AS dependencies
RUN npm ci --ignore-scripts --omit=dev --omit=optional && npm cache clean --force

FROM node:24-bookworm-slim AS server
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=16
ENV NODE_COMPILE_CACHE=/app/.parley/compiled
WORKDIR /app
COPY --from=dependencies /app ./
# What draws small pictures is optional too, one package for each platform.
COPY --from=build /app/node_modules/@img node_modules/@img
COPY --from=build /app/apps/api/dist apps/api/dist
COPY --from=build /app/apps/worker/dist apps/worker/dist
COPY --from=build /app/apps/simulator apps/simulator
COPY drizzle drizzle
COPY tools/console.mjs tools/database.mjs tools/migrations.mjs tools/paths.mjs tools/
RUN mkdir -p .parley/simulator .parley/files && chown -R node:node .parley
USER node
EXPOSE 3100
CMD ["node", "apps/api/dist/main.js"]

FROM node:24-bookworm-slim AS web
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=3101
WORKDIR /app
COPY --from=build /app/apps/web/.next/standalone ./
USER node
EXPOSE 3101
CMD ["node", "apps/web/server.js"]
