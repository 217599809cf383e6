// @ts-self-types="./prometheus.d.ts"
// The package's own entry opens a BroadcastChannel for worker threads, and Deno 2.5, which Deno Deploy runs,
// ends the process at that.
export { default as Counter } from "@prometheus-io/client/lib/counter.js";
export { default as Gauge } from "@prometheus-io/client/lib/gauge.js";
export { default as Histogram } from "@prometheus-io/client/lib/histogram.js";
export { default as Registry } from "@prometheus-io/client/lib/registry.js";
