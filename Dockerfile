FROM denoland/deno:2.9.6 AS build

WORKDIR /app

# Dependencies change less often than the code, so they have a layer of their own.
COPY deno.json deno.lock ./
RUN deno install --frozen

COPY main.ts ./
COPY src ./src
COPY dev/finish_bundle.ts dev/try_webhooks.ts ./dev/
RUN deno check --frozen main.ts && deno task build

FROM denoland/deno:2.9.6

WORKDIR /app

# The bundle contains all dependencies; its deno.json has the permissions.
COPY --from=build /app/dist ./

USER deno
ENV PORT=8000
EXPOSE 8000

# V8 keeps compiled code in DENO_DIR, under the path and the user that run later.
RUN FEED=live LOG_LEVEL=error deno task --quiet serve main.js --warm

# 30 ms of Deno and no shell. An empty HOST or PORT counts as unset, as in the service itself.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["deno", "eval", "--no-config", "const { HOST, PORT } = Deno.env.toObject(); const host = HOST?.includes(':') ? `[${HOST}]` : HOST || '0.0.0.0'; const { ok } = await fetch(`http://${host}:${PORT || 8000}/healthz`); Deno.exit(ok ? 0 : 1)"]

CMD ["deno", "task", "--quiet", "serve", "main.js"]
