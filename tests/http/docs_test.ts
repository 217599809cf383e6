import { assertEquals } from "@std/assert";
import { createTestApp } from "../helpers/app.ts";

const TIME_LIMIT = { timeout: 10_000 };

Deno.test("GET /docs names only files that the service has", TIME_LIMIT, async () => {
  const { request } = createTestApp();
  const page = await request("/docs");
  assertEquals(page.headers.get("content-type"), "text/html; charset=utf-8");
  const paths = [...(await page.text()).matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)];
  assertEquals(paths.map(([, path]) => path), [
    "docs/swagger-ui.css",
    "docs/swagger-ui.js",
    "docs/start.js",
    "openapi.json",
  ]);
  for (const [, path = ""] of paths) {
    const response = await request(path);
    assertEquals(response.status, 200, path);
    await response.body?.cancel();
  }
});

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

Deno.test("GET /docs/ leads to /docs, also below a prefix", TIME_LIMIT, async () => {
  const { status, headers } = await createTestApp().request("/docs/");
  assertEquals([status, headers.get("access-control-allow-origin")], [308, "*"]);
  const location = headers.get("location") ?? "";
  assertEquals(new URL(location, "https://a.example/btc/docs/").pathname, "/btc/docs");
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
