const KEY_OPTIONS = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const SERVER_OPTIONS = ["-subj", "/CN=127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"];

/**
 * Writes a certificate authority (`ca.pem`) and a certificate for 127.0.0.1 that it signed
 * (`server.pem`, `server.key`) into `directory`. rustls refuses a self-signed server certificate.
 */
export async function makeCertificates(directory: string): Promise<void> {
  const at = (name: string) => `${directory}/${name}`;
  const request = ["req", "-x509", "-days", "1", ...KEY_OPTIONS];
  const authority = ["-subj", "/CN=Test CA", "-keyout", at("ca.key"), "-out", at("ca.pem")];
  await runOpenssl([...request, ...authority]);
  const names = ["-addext", "subjectAltName=IP:127.0.0.1"];
  const signer = ["-CA", at("ca.pem"), "-CAkey", at("ca.key")];
  const files = ["-keyout", at("server.key"), "-out", at("server.pem")];
  await runOpenssl([...request, ...SERVER_OPTIONS, ...names, ...signer, ...files]);
}

async function runOpenssl(args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args: [...args] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
