FROM denoland/deno:2.9.6 AS build

WORKDIR /app

# Dependencies change less often than the code: they get a layer of their own.
COPY deno.json deno.lock ./
RUN deno install --frozen

COPY main.ts ./
COPY src ./src
COPY dev/bundle_config.ts ./dev/
RUN deno check --frozen main.ts && deno task build

FROM denoland/deno:2.9.6

WORKDIR /app

# The bundle holds all it needs, its deno.json the permissions.
COPY --from=build /app/dist ./

USER deno
ENV PORT=8000
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["deno", "eval", "--no-config", "const { ok } = await fetch(`http://127.0.0.1:${Deno.env.get('PORT')}/healthz`); Deno.exit(ok ? 0 : 1)"]

CMD ["deno", "task", "--quiet", "serve", "main.js"]
