import { ConfigError } from "./config.ts";

/**
 * Reads the certificate authority of `rediss://`, in PEM.
 *
 * @throws {ConfigError} when the file cannot be read
 */
export function readCa(path: string | undefined): string | undefined {
  try {
    return path && Deno.readTextFileSync(path);
  } catch (cause) {
    const requirement = "REDIS_CA_FILE must be a file that --allow-read lets the process read";
    throw new ConfigError(`${requirement}, is ${JSON.stringify(path)}: ${cause}`);
  }
}
