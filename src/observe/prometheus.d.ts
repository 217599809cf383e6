export { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
