// Walks the served pages in a browser, as the people of the region would.
//
//   node checks/serve.mjs target/release/liangshan regions/quzhou
//   … --screenshots DIR      and leaves pictures in DIR
//   … --only NAME            journeys whose screen or name has NAME in it
//   … --base http://…        a server that runs already, instead of starting one
//   … --ui-dir DIR           the files of pages from a folder
//
// A screen's journeys lie in checks/serve/<screen>.mjs: `export default [{ name, wide?, narrow?, langs?, steps }]`.
// `steps` is called with { page, base, visit, shot, hold, lang, wide }. A journey fails on any error in the console, any
// request that leaves this machine, any answer of 500 or more, and any serious finding of axe on a page it visited.
//
// Needs `npm ci --prefix checks` and a Chromium (CHROMIUM, else /usr/bin/chromium). Without them it is
// skipped and says so; with LIANGSHAN_CHECKS_REQUIRED=1 that is a failure.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
  // Shared memory in a file of its own: containers give /dev/shm 64 MB, and a browser that runs out of it ends.
  "--disable-dev-shm-usage",
  "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const VIEWPORTS = { wide: { width: 1366, height: 768 }, narrow: { width: 390, height: 844 } };
const PATIENCE_MS = 120_000;

const tally = { passed: 0, failed: 0, skipped: 0 };
const options = { positional: [] };
for (let i = 2; i < process.argv.length; i += 1) {
  const word = process.argv[i];
  if (word.startsWith("--")) options[word.slice(2)] = process.argv[(i += 1)];
  else options.positional.push(word);
}
const [program, region] = options.positional;

function hold(what, holds, otherwise = "") {
  if (holds) tally.passed += 1;
  else {
    tally.failed += 1;
    console.log(`FAILED: ${what}${otherwise === "" ? "" : `: ${otherwise}`}`);
  }
  return Boolean(holds);
}

function end() {
  console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  process.exit(tally.failed ? 1 : 0);
}

function lacking(tool) {
  if (process.env.LIANGSHAN_CHECKS_REQUIRED === "1") hold("the served pages in a browser", false, `${tool} is not installed and LIANGSHAN_CHECKS_REQUIRED=1`);
  else {
    tally.skipped += 1;
    console.log(`SKIPPED: the served pages in a browser because ${tool} is not installed`);
  }
  end();
}

/** Starts the server and answers with its address and a way to end it. */
async function start() {
  if (options.base) return { base: options.base.replace(/\/$/, ""), stop: async () => {} };
  const began = Date.now();
  const more = options["ui-dir"] ? ["--ui-dir", options["ui-dir"]] : [];
  const child = spawn(resolve(program), ["serve", region, "--listen", "127.0.0.1:0", "--lang", "en", ...more], { stdio: ["ignore", "pipe", "inherit"] });
  const base = await new Promise((done, fail) => {
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += bytes;
      const found = said.match(/http:\/\/\S+/);
      if (found) done(found[0]);
    });
    child.on("exit", (code) => fail(new Error(`the server ended with ${code} before it was ready: ${said}`)));
  });
  console.log(`serving at ${base} after ${Date.now() - began} ms`);
  const stop = async () => {
    const gone = new Promise((done) => child.on("exit", (code, signal) => done({ code, signal })));
    child.kill("SIGTERM");
    const { code, signal } = await gone;
    hold("the server ends by itself when it is asked to", code === 0, `exit ${code} ${signal ?? ""}`);
  };
  return { base, stop };
}

/** Waits until the account is there: until then pages answer 503 and say so. */
async function ready(base) {
  const until = Date.now() + 20 * 60_000;
  for (;;) {
    const answer = await fetch(`${base}/accounts`).catch(() => undefined);
    if (answer && answer.status !== 503) return;
    if (Date.now() > until) throw new Error("the account was not ready in 20 minutes");
    await new Promise((done) => setTimeout(done, 1000));
  }
}

/** The browser; another one where it has ended by itself. */
let browser;
async function fresh(chromium) {
  if (!browser?.isConnected()) browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS });
  return browser;
}
// A browser that ends by itself breaks the pipe to it, which no promise hears of; its journey is walked once more.
let broken = 0;
process.on("uncaughtException", (error) => {
  // More than a few: it is our own output that nobody reads.
  if (error.code !== "EPIPE" || (broken += 1) > 20) throw error;
  console.log(`NOTE: the pipe to the browser broke (${error.message})`);
});

/** Walks a journey; once more, and says so, where the browser ended under it. */
async function walked(chromium, base, axe, screen, journey, size, lang) {
  const label = `${screen}: ${journey.name} [${size}, ${lang}]`;
  for (const last of [false, true]) {
    const found = await walk(await fresh(chromium), base, axe, screen, journey, size, lang, label).catch((error) => [[label, false, `stopped: ${error.message}`]]);
    if (browser.isConnected() || last) return found.forEach((one) => hold(...one));
    console.log(`NOTE: the browser ended by itself during ${label}; walked once more`);
  }
}

function errorsOf(page, base, faults) {
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.origin !== new URL(base).origin) faults.push(`left the machine: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} from ${response.url()}`);
  });
}

async function audit(page, axe, label, faults) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const v of found.violations.filter((v) => ["serious", "critical"].includes(v.impact))) {
    const at = v.nodes.slice(0, 3).map((n) => `${n.target.join(" ")} ${n.failureSummary?.split("\n").at(-1)?.trim() ?? ""}`).join(" | ");
    faults.push(`axe at ${label}: ${v.id} (${v.impact}): ${v.help}; ${v.nodes.length}× ${at}`);
  }
}

/** Walks a journey and answers with what was held: `[what, holds, otherwise]`. */
async function walk(browser, base, axe, screen, journey, size, lang, label) {
  const found = [];
  const context = await browser.newContext({
    viewport: VIEWPORTS[size], locale: lang === "zh" ? "zh-CN" : "en-GB", reducedMotion: "reduce", hasTouch: size === "narrow",
    javaScriptEnabled: journey.scripts !== false,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults = [];
  errorsOf(page, base, faults);
  let shots = 0;
  const audited = new Set();
  const audits = async () => {
    if (journey.scripts === false || audited.has(page.url())) return;
    audited.add(page.url());
    await audit(page, axe, new URL(page.url()).pathname, faults);
  };
  const tools = {
    page, base, lang, wide: size === "wide",
    hold: (what, holds, otherwise) => {
      found.push([`${label}: ${what}`, holds, otherwise]);
      return Boolean(holds);
    },
    /** Opens an address of ours in the language of the journey. */
    visit: async (path) => {
      const url = new URL(path, base);
      if (lang === "en") url.searchParams.set("lang", "en");
      const answer = await page.goto(url.href, { waitUntil: "load" });
      tools.hold(`${path} answers`, answer !== null && answer.status() < 400, `status ${answer?.status()}`);
      await audits();
      return answer;
    },
    /** A picture of what is seen, or of the whole page. */
    shot: async (name, { full = false } = {}) => {
      shots += 1;
      await audits();
      if (options.screenshots) await page.screenshot({ path: join(options.screenshots, `${screen}-${name}-${size}-${lang}.png`), fullPage: full });
    },
  };
  try {
    await journey.steps(tools);
    // The last step may have followed a link: a page is measured with its styles.
    await page.waitForLoadState("load");
    // Nothing may be wider than the window: a page that has to be pushed sideways is broken on a phone.
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth).catch(() => 0);
    if (over > 1) faults.push(`the page is ${over} px wider than the window`);
    await audits();
  } catch (error) {
    faults.push(`stopped: ${error.message.split("\n").slice(0, 3).join(" ")}`);
    if (options.screenshots) await page.screenshot({ path: join(options.screenshots, `${screen}-FAILED-${size}-${lang}.png`) }).catch(() => {});
  }
  found.push([label, faults.length === 0, `\n    ${[...new Set(faults)].join("\n    ")}`]);
  await context.close().catch(() => {});
  return found;
}

/** The same first page for somebody whose machine has no Chinese font: characters must not be boxes. */
async function withoutChineseFonts(chromium, base) {
  const folder = mkdtempSync(join(tmpdir(), "fonts-"));
  try {
    const latin = ["/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/liberation"].filter(existsSync);
    writeFileSync(
      join(folder, "fonts.conf"),
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${latin.map((d) => `<dir>${d}</dir>`).join("")}<cachedir>${folder}/cache</cachedir></fontconfig>`,
    );
    const browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS, env: { ...process.env, FONTCONFIG_FILE: join(folder, "fonts.conf") } });
    const page = await browser.newPage({ viewport: VIEWPORTS.wide });
    await page.goto(`${base}/public`, { waitUntil: "load" });
    const same = await page.evaluate(async () => {
      await document.fonts.load('24px "Liangshan Map"', "江山");
      await document.fonts.ready;
      const drawn = (/** @type {string} */ text) => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 32;
        const pen = canvas.getContext("2d");
        if (!pen) return "";
        pen.font = `24px ${getComputedStyle(document.body).fontFamily}`;
        pen.fillText(text, 2, 26);
        return pen.getImageData(0, 0, 32, 32).data.join();
      };
      return { boxes: drawn("江") === drawn("山"), empty: drawn("江") === drawn(" ") };
    });
    hold("Chinese is drawn where the system has no Chinese font", !same.boxes && !same.empty, JSON.stringify(same));
    if (options.screenshots) await page.screenshot({ path: join(options.screenshots, "no-cjk-public.png") });
    await page.goto(`${base}/map`, { waitUntil: "load" });
    const idle = await page.waitForSelector("[data-map-idle]", { timeout: PATIENCE_MS, state: "attached" }).catch(() => undefined);
    hold("the map comes to rest where the system has no Chinese font", idle !== undefined);
    if (options.screenshots) await page.screenshot({ path: join(options.screenshots, "no-cjk-map.png") });
    await browser.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if ((!program || !region) && !options.base) {
  console.log("node checks/serve.mjs PROGRAM REGION [--screenshots DIR] [--only NAME] [--base URL]");
  process.exit(2);
}
if (!existsSync(BROWSER)) lacking("Chromium");
const playwright = await import("playwright-core").catch(() => lacking("playwright-core"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
if (options.screenshots) mkdirSync(options.screenshots, { recursive: true });
const folder = new URL("./serve/", import.meta.url);
const screens = existsSync(folder) ? readdirSync(folder).filter((f) => f.endsWith(".mjs")).sort() : [];
const { base, stop } = await start();
try {
  await ready(base);
  for (const file of screens) {
    const screen = file.replace(/\.mjs$/, "");
    const { default: journeys } = await import(pathToFileURL(join(folder.pathname, file)).href);
    for (const journey of journeys) {
      if (options.only && !`${screen} ${journey.name}`.includes(options.only)) continue;
      for (const size of ["wide", "narrow"]) {
        if (journey[size] === false) continue;
        for (const lang of journey.langs ?? ["zh", "en"]) await walked(playwright.chromium, base, axe, screen, journey, size, lang);
      }
    }
  }
  await browser?.close();
  if (!options.only) await withoutChineseFonts(playwright.chromium, base);
} finally {
  await stop();
}
end();
