import { makeCertificates } from "../helpers/certificates.ts";
import { eventually } from "../helpers/eventually.ts";
import { freePort } from "../../dev/free_port.ts";

const CONFIG = new URL("../../ops/nginx.conf", import.meta.url);

/** A text of `ops/nginx.conf` and what a test puts in its place. */
export type Edit = readonly [text: string, replacement: string];

/** `ops/nginx.conf` in a temporary folder, with free ports and a certificate of its own. */
export interface RenderedNginx extends AsyncDisposable {
  readonly directory: string;
  readonly httpsPort: number;
  readonly httpPort: number;
}

/** nginx as a child process on loopback, in front of an upstream. */
export interface Nginx extends AsyncDisposable {
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly url: string;
  /** Trusts the certificate; speaks HTTP/2. */
  readonly client: Deno.HttpClient;
  /** The authority of the certificate, in PEM. */
  readonly ca: string;
  /** Reads the configuration anew, as an update of a certificate asks for. */
  reload(): Promise<void>;
}

/** Writes `ops/nginx.conf`, changed as little as a test needs, with its certificate. */
export async function renderNginx(
  upstreamPort: number,
  edits: readonly Edit[] = [],
): Promise<RenderedNginx> {
  const directory = await Deno.makeTempDir({ prefix: "is-bitcoin-lit-nginx-" });
  await makeCertificates(directory);
  const [httpsPort, httpPort] = [freePort(), freePort()];
  const text = [
    ...edits,
    ...moveFiles(directory),
    ["listen 80 ", `listen 127.0.0.1:${httpPort} `] as const,
    ["listen 443 ", `listen 127.0.0.1:${httpsPort} `] as const,
    ["server 127.0.0.1:8000;", `server 127.0.0.1:${upstreamPort};`] as const,
    // A test chooses the address that nginx takes for the client's.
    ["http {", "http { set_real_ip_from 127.0.0.1; real_ip_header x-test-client;"] as const,
  ].reduce(replace, await Deno.readTextFile(CONFIG));
  await Deno.writeTextFile(`${directory}/nginx.conf`, text);
  return {
    directory,
    httpsPort,
    httpPort,
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

/** What `nginx -t` says about a rendered configuration. */
export async function checkNginx(
  { directory }: RenderedNginx,
): Promise<{ success: boolean; output: string }> {
  const args = ["-t", ...commonArguments(directory)];
  const { success, stderr } = await new Deno.Command("nginx", { args }).output();
  return { success, output: new TextDecoder().decode(stderr) };
}

/** Starts nginx in front of a loopback port. */
export async function startNginx(
  upstreamPort: number,
  edits: readonly Edit[] = [],
): Promise<Nginx> {
  const rendered = await renderNginx(upstreamPort, edits);
  const { directory, httpsPort, httpPort } = rendered;
  const args = [...commonArguments(directory), "-g", "daemon off;"];
  const child = new Deno.Command("nginx", { args, stdout: "null", stderr: "null" }).spawn();
  const ca = await Deno.readTextFile(`${directory}/ca.pem`);
  const client = Deno.createHttpClient({ caCerts: [ca] });
  await eventually(() => connects(httpsPort));
  return {
    httpsPort,
    httpPort,
    url: `https://127.0.0.1:${httpsPort}`,
    client,
    ca,
    async reload() {
      const args = ["-s", "reload", ...commonArguments(directory)];
      const { success, stderr } = await new Deno.Command("nginx", { args }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
    },
    async [Symbol.asyncDispose]() {
      client.close();
      child.kill("SIGTERM");
      await child.status;
      await rendered[Symbol.asyncDispose]();
    },
  };
}

function commonArguments(directory: string): string[] {
  return ["-e", "stderr", "-p", directory, "-c", "nginx.conf"];
}

function moveFiles(directory: string): Edit[] {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
    `${name}_temp_path ${directory}/${name};`
  );
  return [
    ["http {", `http { ${temporary.join(" ")}`],
    ["/etc/ssl/certs/is-bitcoin-lit.pem", `${directory}/server.pem`],
    ["/etc/ssl/private/is-bitcoin-lit.key", `${directory}/server.key`],
    ["/var/log/nginx/error.log", `${directory}/error.log`],
    ["/var/log/nginx/access.log", `${directory}/access.log`],
    ["/run/nginx.pid", `${directory}/nginx.pid`],
    // A machine without IPv6 has sockets of this kind too.
    ["listen [::]:80 ", `listen unix:${directory}/http.sock `],
    ["listen [::]:443 ", `listen unix:${directory}/https.sock `],
    // An ordinary user may do neither: nginx would warn.
    ["user www-data;", ""],
    ["worker_rlimit_nofile 16384;", ""],
  ];
}

function replace(text: string, [from, to]: Edit): string {
  if (!text.includes(from)) throw new Error(`ops/nginx.conf must contain ${JSON.stringify(from)}`);
  return text.replaceAll(from, to);
}

async function connects(port: number): Promise<boolean> {
  (await Deno.connect({ hostname: "127.0.0.1", port })).close();
  return true;
}
