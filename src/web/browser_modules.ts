import answer from "./browser/answer.js" with { type: "text" };
import chart from "./browser/chart.js" with { type: "text" };
import chartUpdater from "./browser/chart_updater.js" with { type: "text" };
import dom from "./browser/dom.js" with { type: "text" };
import embedEn from "./browser/embed.en.js" with { type: "text" };
import embed from "./browser/embed.js" with { type: "text" };
import embedZhCn from "./browser/embed.zh-CN.js" with { type: "text" };
import embeddedAnswer from "./browser/embedded_answer.js" with { type: "text" };
import figures from "./browser/figures.js" with { type: "text" };
import format from "./browser/format.js" with { type: "text" };
import history from "./browser/history.js" with { type: "text" };
import html from "./browser/html.js" with { type: "text" };
import lines from "./browser/lines.js" with { type: "text" };
import live from "./browser/live.js" with { type: "text" };
import pageEn from "./browser/page.en.js" with { type: "text" };
import page from "./browser/page.js" with { type: "text" };
import pageZhCn from "./browser/page.zh-CN.js" with { type: "text" };
import plot from "./browser/plot.js" with { type: "text" };
import record from "./browser/record.js" with { type: "text" };
import recordFormat from "./browser/record_format.js" with { type: "text" };
import recordHours from "./browser/record_hours.js" with { type: "text" };
import recordStrip from "./browser/record_strip.js" with { type: "text" };
import recordText from "./browser/record_text.js" with { type: "text" };
import recordUpdater from "./browser/record_updater.js" with { type: "text" };
import revisionGate from "./browser/revision_gate.js" with { type: "text" };
import scale from "./browser/scale.js" with { type: "text" };
import service from "./browser/service.js" with { type: "text" };
import state from "./browser/state.js" with { type: "text" };
import time from "./browser/time.js" with { type: "text" };
import wordsEn from "./browser/words/en.js" with { type: "text" };
import wordsZhCn from "./browser/words/zh-CN.js" with { type: "text" };

/** The sources of the modules that run in the browser, by the paths they are imported with. */
export const MODULES: ReadonlyMap<string, string> = new Map([
  ["./answer.js", answer],
  ["./chart.js", chart],
  ["./chart_updater.js", chartUpdater],
  ["./dom.js", dom],
  ["./embed.en.js", embedEn],
  ["./embed.js", embed],
  ["./embed.zh-CN.js", embedZhCn],
  ["./embedded_answer.js", embeddedAnswer],
  ["./figures.js", figures],
  ["./format.js", format],
  ["./history.js", history],
  ["./html.js", html],
  ["./lines.js", lines],
  ["./live.js", live],
  ["./page.en.js", pageEn],
  ["./page.js", page],
  ["./page.zh-CN.js", pageZhCn],
  ["./plot.js", plot],
  ["./record.js", record],
  ["./record_format.js", recordFormat],
  ["./record_hours.js", recordHours],
  ["./record_strip.js", recordStrip],
  ["./record_text.js", recordText],
  ["./record_updater.js", recordUpdater],
  ["./revision_gate.js", revisionGate],
  ["./scale.js", scale],
  ["./service.js", service],
  ["./state.js", state],
  ["./time.js", time],
  ["./words/en.js", wordsEn],
  ["./words/zh-CN.js", wordsZhCn],
]);
