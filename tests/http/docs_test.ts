import { assertEquals, assertStringIncludes } from "@std/assert";
import { createTestApp } from "../helpers/app.ts";

const TIME_LIMIT = { timeout: 60_000 };

/** The markup of the page, and each path that it leads to. */
async function readDocs() {
  const { request } = createTestApp();
  const page = await (await request("/docs")).text();
  const links = [...page.matchAll(/(?:src|href)="(?!data:)([^"#]*)[^"]*"/g)];
  const paths = new Set(links.flatMap(([, path]) => path ? [path] : []));
  return { request, page, paths: [...paths] };
}

Deno.test(
  "GET /docs leads only to what the service has, by relative paths",
  TIME_LIMIT,
  async () => {
    const { request, paths } = await readDocs();
    assertEquals(paths.length >= 5, true, `${paths}`);
    for (const path of paths) {
      assertEquals(/^(?:\.\/|[a-z])/.test(path), true, path);
      const response = await request(path);
      assertEquals(response.status, 200, path);
      await response.body?.cancel();
    }
  },
);

Deno.test(
  "GET /docs has each route, parameter and status of the document",
  TIME_LIMIT,
  async () => {
    const { request, page } = await readDocs();
    const { paths, components } = await (await request("/openapi.json")).json();
    for (const [path, operations] of Object.entries<Record<string, Operation>>(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const [, article = ""] = page.split(`<article aria-labelledby="${operation.operationId}">`);
        const [route = ""] = article.split("</article>");
        assertStringIncludes(route, `<span>${method.toUpperCase()}</span> ${path}</h3>`);
        for (const { name } of operation.parameters ?? []) assertStringIncludes(route, `>${name}<`);
        for (const status of Object.keys(operation.responses)) {
          assertStringIncludes(route, `<dt>${status}`);
        }
      }
    }
    for (const name of Object.keys(components.schemas)) {
      assertStringIncludes(page, `id="schema-${name}"`);
    }
  },
);

interface Operation {
  operationId: string;
  parameters?: { name: string }[];
  responses: Record<string, unknown>;
}

Deno.test("GET /docs names the limits of a parameter and of a field", TIME_LIMIT, async () => {
  const { page } = await readDocs();
  const limits = [
    "<code>days</code> <span>query, integer, at least 1, at most 30, else 30</span>",
    "<code>lang</code> <span>query, en or zh-CN</span>",
    "<code>sentiment</code> <span>number, at least -1, at most 1, such as 0.2992307692307695</span>",
    "<code>median_change</code> <span>number or null",
    "<code>replayed</code> <span>true, optional</span>",
  ];
  for (const text of limits) assertStringIncludes(page, text);
});

Deno.test(
  "GET /docs has a command for each route, which the service answers",
  TIME_LIMIT,
  async () => {
    const { request, page } = await readDocs();
    const commands = [...page.matchAll(/<pre><code>([^<]+)</g)]
      .map(([, command = ""]) => command.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
    assertEquals(commands.filter((command) => !/^curl "\$URL\/[^"]*"$/.test(command)), [
      'curl -N "$URL/events"',
      'curl -X POST -H "Authorization: Bearer $TOKEN" "$URL/refresh"',
    ]);
    assertEquals(
      commands.includes('curl "$URL/track-record?days=30&fee=0.25"'),
      true,
      `${commands}`,
    );
    for (const command of commands) {
      const [, path = ""] = /\$URL([^"]+)"/.exec(command) ?? [];
      const response = await request(path, { method: command.includes("POST") ? "POST" : "GET" });
      await response.body?.cancel();
      assertEquals(response.status, 200, command);
    }
  },
);

Deno.test("GET /docs loads Swagger UI only for those who try requests", TIME_LIMIT, async () => {
  const { page } = await readDocs();
  assertEquals(page.includes("swagger"), false);
  assertEquals(page.length < 65_536, true, `${page.length} characters`);
});

Deno.test(
  "the files of /docs are kept for ever, but not by another version's hash",
  TIME_LIMIT,
  async () => {
    const { request, paths } = await readDocs();
    const [folder = ""] = paths.flatMap((path) => /^docs\/files\/\w{12}\//.exec(path) ?? []);
    for (const name of ["page.css", "page.js", "swagger-ui.css", "swagger-ui.js"]) {
      const current = await request(folder + name);
      const other = await request(`docs/files/0123456789ab/${name}`);
      assertEquals([current.status, other.status], [200, 200], name);
      assertEquals(current.headers.get("cache-control"), "public, max-age=31536000, immutable");
      assertEquals(other.headers.get("cache-control"), "no-cache");
      assertEquals(other.headers.get("etag"), current.headers.get("etag"));
      await Promise.all([current.body?.cancel(), other.body?.cancel()]);
    }
  },
);

Deno.test("GET /docs sends a policy that loads nothing from elsewhere", TIME_LIMIT, async () => {
  const { request } = createTestApp();
  for (const path of ["/docs", "/docs/problems"]) {
    const response = await request(path);
    const policy = response.headers.get("content-security-policy") ?? "";
    assertEquals(policy.startsWith("default-src 'none'"), true, policy);
    assertEquals(/https?:|\*/.test(policy), false, policy);
    await response.body?.cancel();
  }
});

Deno.test.each([
  { path: "/docs/", to: "/docs" },
  { path: "/docs/problems/?x", to: "/docs/problems?x" },
  { path: "/embed/?lang=zh-CN", to: "/embed?lang=zh-CN" },
])("GET $path leads to $to, also below a prefix", TIME_LIMIT, async ({ path, to }) => {
  const { status, headers } = await createTestApp().request(path);
  assertEquals([status, headers.get("access-control-allow-origin")], [308, "*"]);
  const { pathname, search } = new URL(
    headers.get("location") ?? "",
    `https://a.example/btc${path}`,
  );
  assertEquals(pathname + search, `/btc${to}`);
});

Deno.test(
  "a page for people asks for no right, and shares its window with none",
  TIME_LIMIT,
  async () => {
    const { request } = createTestApp();
    for (const path of ["/", "/docs", "/docs/problems"]) {
      const { headers, body } = await request(path);
      await body?.cancel();
      assertEquals(headers.get("cross-origin-opener-policy"), "same-origin", path);
      assertEquals(headers.get("permissions-policy")?.includes("geolocation=()"), true, path);
    }
  },
);
