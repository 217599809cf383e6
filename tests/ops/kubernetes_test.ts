import { assert, assertEquals } from "@std/assert";
import { parseAll } from "@std/yaml";
import * as z from "zod";
import { VARIABLE_NAMES } from "../../src/config.ts";
import { readText } from "./files.ts";

const QUICK = { timeout: 60_000 };
const STOP_SECONDS = 5;

const LABELS = z.record(z.string(), z.string());

const PROBE = z.object({ httpGet: z.object({ path: z.string(), port: z.literal("http") }) });

const CONTAINER = z.object({
  ports: z.tuple([z.object({ name: z.literal("http"), containerPort: z.int() })]),
  env: z.array(z.union([
    z.strictObject({ name: z.string(), value: z.string() }),
    z.strictObject({
      name: z.string(),
      valueFrom: z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }),
    }),
  ])),
  readinessProbe: PROBE,
  livenessProbe: PROBE,
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.int() }) }) }),
  resources: z.object({ requests: LABELS, limits: LABELS }),
  volumeMounts: z.array(z.object({ name: z.string() })),
});

const DEPLOYMENT = z.object({
  kind: z.literal("Deployment"),
  spec: z.object({
    selector: z.object({ matchLabels: LABELS }),
    template: z.object({
      metadata: z.object({ labels: LABELS, annotations: LABELS }),
      spec: z.object({
        terminationGracePeriodSeconds: z.int(),
        containers: z.tuple([CONTAINER]),
        volumes: z.array(z.object({ name: z.string() })),
      }),
    }),
  }),
});

const SERVICE = z.object({
  kind: z.literal("Service"),
  spec: z.object({
    selector: LABELS,
    ports: z.tuple([z.object({ targetPort: z.literal("http") })]),
  }),
});

const BUDGET = z.object({
  kind: z.literal("PodDisruptionBudget"),
  spec: z.object({ selector: z.object({ matchLabels: LABELS }) }),
});

const MANIFEST = z.tuple([DEPLOYMENT, SERVICE, BUDGET]);

async function readManifest() {
  const [deployment, service, budget] = MANIFEST.parse(
    parseAll(await readText("ops/kubernetes.yaml")),
  );
  const { selector, template } = deployment.spec;
  const [container] = template.spec.containers;
  return { selector, template, container, service, budget };
}

Deno.test("ops/kubernetes.yaml selects its own pods everywhere", QUICK, async () => {
  const { selector, template, service, budget } = await readManifest();
  const { labels } = template.metadata;
  assertEquals(selector.matchLabels, labels);
  assertEquals(service.spec.selector, labels);
  assertEquals(budget.spec.selector.matchLabels, labels);
});

Deno.test("ops/kubernetes.yaml asks /readyz, /healthz and /metrics", QUICK, async () => {
  const { container, template } = await readManifest();
  assertEquals(container.readinessProbe.httpGet.path, "/readyz");
  assertEquals(container.livenessProbe.httpGet.path, "/healthz");
  assertEquals(template.metadata.annotations["prometheus.io/path"], "/metrics");
});

Deno.test("ops/kubernetes.yaml sends requests where the service listens", QUICK, async () => {
  const { container, template } = await readManifest();
  const port = String(container.ports[0].containerPort);
  const variable = container.env.find(({ name }) => name === "PORT");
  assertEquals(variable, { name: "PORT", value: port });
  assertEquals(template.metadata.annotations["prometheus.io/port"], port);
});

Deno.test(
  "ops/kubernetes.yaml sets variables of the service, secret ones by name",
  QUICK,
  async () => {
    const { container } = await readManifest();
    const secrets = ["REDIS_URL", "REFRESH_TOKEN", "WEBHOOK_URLS", "WEBHOOK_SECRET"];
    for (const variable of container.env) {
      assert(VARIABLE_NAMES.includes(variable.name), variable.name);
      assertEquals("valueFrom" in variable, secrets.includes(variable.name), variable.name);
    }
  },
);

Deno.test("ops/kubernetes.yaml leaves the service time to stop", QUICK, async () => {
  const { container, template } = await readManifest();
  const drain = container.lifecycle.preStop.sleep.seconds;
  assert(template.spec.terminationGracePeriodSeconds > drain + STOP_SECONDS);
});

Deno.test("ops/kubernetes.yaml mounts volumes that it defines", QUICK, async () => {
  const { container, template } = await readManifest();
  assertEquals(
    container.volumeMounts.map(({ name }) => name),
    template.spec.volumes.map(({ name }) => name),
  );
});
