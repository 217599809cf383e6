// @ts-check
import { startPage } from "./page.js";
import { words } from "./words.zh-CN.js";

startPage(words);
