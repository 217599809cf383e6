// Says which tests this machine leaves out before they run: the runner only counts them.
import { describeLeftOut } from "./helpers/needs.ts";

for (const left of describeLeftOut()) console.log(`left out: ${left}`);
