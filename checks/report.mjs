// Opens the report of a run in a browser, as the person who received the file would.
//
//   node checks/report.mjs regions/quzhou                      every regions/quzhou/out/*/report.html
//   node checks/report.mjs regions/quzhou --out DIR            DIR/report.html
//   … --screenshots DIR                                        and leaves pictures in DIR
//
// Needs `npm ci --prefix checks` and a Chromium (CHROMIUM, else /usr/bin/chromium). Without them it is
// skipped and says so; with LIANGSHAN_CHECKS_REQUIRED=1 that is a failure.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const TOTALS = ["gep", "assessed_services", "total"];
const LARGEST_BYTES = 10_000_000;

const tally = { passed: 0, failed: 0, skipped: 0 };

function hold(what, holds, otherwise = "") {
  if (holds) tally.passed += 1;
  else {
    tally.failed += 1;
    console.log(`FAILED: ${what}${otherwise === "" ? "" : `: ${otherwise}`}`);
  }
  return holds;
}

function end() {
  console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  process.exit(tally.failed ? 1 : 0);
}

function lacking(tool) {
  const what = "the report in a browser";
  if (process.env.LIANGSHAN_CHECKS_REQUIRED === "1") hold(what, false, `${tool} is not installed and LIANGSHAN_CHECKS_REQUIRED=1`);
  else {
    tally.skipped += 1;
    console.log(`SKIPPED: ${what} because ${tool} is not installed`);
  }
  end();
}

/** Rows of a CSV file as objects; cells may be quoted. */
function table(path) {
  const rows = [[""]];
  let quoted = false;
  for (const c of readFileSync(path, "utf8").replace(/^\uFEFF/, "").replaceAll("\r\n", "\n")) {
    const row = rows.at(-1);
    if (c === '"') {
      // a doubled quote inside quotes closes and opens again and leaves one behind
      if (!quoted && row.at(-1) !== "") row[row.length - 1] += c;
      quoted = !quoted;
    } else if (c === "," && !quoted) row.push("");
    else if (c === "\n" && !quoted) rows.push([""]);
    else row[row.length - 1] += c;
  }
  const [head, ...body] = rows.filter((row) => row.length > 1);
  return body.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
}

/** Value of the whole region in each year, in fen, as account.csv has it. */
function totals(out, city) {
  const rows = table(join(out, "account.csv")).filter((r) => r.place_code === city && r.ecosystem === "all" && r.value_yuan);
  const ids = new Set(rows.map((r) => r.indicator));
  const isPart = (id) => [...ids].some((whole) => id.startsWith(`${whole}_`) || id.startsWith(`${whole}.`));
  const fen = (text) => {
    const [yuan, rest = ""] = text.split(".");
    return BigInt(yuan + rest.padEnd(2, "0"));
  };
  const found = {};
  for (const year of new Set(rows.map((r) => r.year))) {
    const here = rows.filter((r) => r.year === year);
    const said = here.filter((r) => TOTALS.includes(r.indicator));
    const added = said.length ? said.slice(0, 1) : here.filter((r) => !isPart(r.indicator));
    found[year] = added.reduce((sum, r) => sum + fen(r.value_yuan), 0n);
  }
  return found;
}

/** A total as a page may write it: in yuan, 万元, 亿元 or billion yuan, rounded to what is shown. */
function writings(fen) {
  const yuan = Number(fen) / 100;
  const all = [];
  for (const [unit, decimals] of [[1, [0, 2]], [1e4, [0, 1, 2]], [1e8, [1, 2, 3, 4]], [1e9, [1, 2, 3]]]) {
    for (const digits of decimals) {
      const plain = (yuan / unit).toFixed(digits);
      all.push(plain, plain.replace(/\B(?=(\d{3})+(?!\d))/g, ","));
    }
  }
  return [...new Set(all)];
}

/** True when the text has one of the numbers, not merely inside a longer one. */
function shows(text, numbers) {
  return numbers.some((n) => new RegExp(`(?<![\\d.,])${n.replaceAll(".", "\\.")}(?![\\d]|[.,]\\d)`).test(text));
}

async function look(page, file, expected, faults, pictures) {
  const at = (language) => page.evaluate((l) => [document.documentElement.dataset.lang, document.documentElement.lang, l], language);
  const seen = () => page.evaluate(() => document.body.innerText);
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  await page.waitForTimeout(300);

  const texts = {};
  for (const language of ["en", "zh"]) {
    const button = page.locator(`button[data-set-lang=${language}]`);
    if (!hold(`a button for ${language}`, (await button.count()) > 0)) continue;
    await button.first().click();
    const [shown, declared] = await at(language);
    hold(`the button sets data-lang=${language}`, shown === language, String(shown));
    hold(`<html lang> follows to ${language}`, declared.toLowerCase().startsWith(language), declared);
    texts[language] = await seen();
  }
  const zh = texts.zh ?? (await seen());
  const en = texts.en ?? "";
  const chinese = (text) => (text.match(/[\u4e00-\u9fff]/g) ?? []).length;
  const latin = (text) => (text.match(/[A-Za-z]{3,}/g) ?? []).length;
  hold("the Chinese page is in Chinese", chinese(zh) > 200 && chinese(zh) > latin(zh), `${chinese(zh)} characters, ${latin(zh)} Latin words`);
  hold("the English page is in English", latin(en) > 100 && chinese(en) < chinese(zh) / 4, `${latin(en)} words, ${chinese(en)} Chinese characters`);
  hold("synthetic data is named in Chinese", zh.includes("合成"));
  hold("synthetic data is named in English", /synthetic/i.test(en));
  hold("the page has a title", (await page.title()).trim() !== "");

  for (const [year, fen] of Object.entries(expected)) {
    for (const [language, text] of Object.entries(texts)) {
      hold(`the total of ${year} of account.csv is shown (${language})`, shows(text, writings(fen)), `none of ${writings(fen).slice(0, 16).join(" ")}`);
    }
  }

  const images = await page.evaluate(() =>
    [...document.images].map((i) => ({ wide: i.naturalWidth, tall: i.naturalHeight, alt: i.alt, drawn: i.complete, from: i.src.slice(0, 30) })));
  hold("maps appear as pictures", images.length > 0, "no <img>");
  for (const image of images) {
    hold("a picture has a size and was decoded", image.drawn && image.wide > 0 && image.tall > 0, JSON.stringify(image));
    hold("a picture says in words what it shows", image.alt.trim() !== "", image.from);
  }

  for (const [width, height] of [[1280, 900], [400, 800]]) {
    await page.setViewportSize({ width, height });
    for (const language of ["zh", "en"]) {
      await page.locator(`button[data-set-lang=${language}]`).first().click({ timeout: 2000 }).catch(() => {});
      const [body, root, inner] = await page.evaluate(() => [document.body.scrollWidth, document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      hold(`no sideways scrolling at ${width} px (${language})`, Math.max(body, root) <= inner, `${Math.max(body, root)} px of content in ${inner}`);
      if (pictures) await page.screenshot({ path: join(pictures, `${basename(resolve(file, ".."))}-${width}-${language}.png`), fullPage: true });
    }
  }
  hold("nothing is fetched and the console is quiet", faults.length === 0, faults.slice(0, 5).join(" | "));
}

const [region, ...rest] = process.argv.slice(2);
if (!region) {
  console.error("usage: node checks/report.mjs REGION [--out DIR] [--screenshots DIR]");
  process.exit(2);
}
const option = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
const pictures = option("--screenshots");
if (pictures) mkdirSync(pictures, { recursive: true });
const given = option("--out");
const results = join(region, "out");
const outs = given ? [given] : existsSync(results) ? readdirSync(results).map((n) => join(results, n)).filter((p) => statSync(p).isDirectory()) : [];
const city = /^code\s*=\s*"(\d+)"/m.exec(readFileSync(join(region, "region.toml"), "utf8"))?.[1];

let playwright;
try {
  playwright = await import("playwright-core");
} catch {
  lacking("playwright-core");
}
if (!existsSync(BROWSER)) lacking(BROWSER);
if (!hold("a run has left something", outs.length > 0, `nothing in ${results}: run the region first`)) end();

for (const out of outs) {
  const file = resolve(out, "report.html");
  console.log(`== ${file}`);
  if (!hold("report.html is there", existsSync(file))) continue;
  hold("report.html can be sent by mail", statSync(file).size < LARGEST_BYTES, `${statSync(file).size} bytes`);
  const profile = mkdtempSync(join(tmpdir(), "report-browser-"));
  const browser = await playwright.chromium.launchPersistentContext(profile, { executablePath: BROWSER, headless: true, args: FLAGS, viewport: { width: 1280, height: 900 } });
  try {
    const page = await browser.newPage();
    const faults = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
    page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || faults.push(`request: ${request.url()}`));
    page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}`));
    await look(page, file, totals(out, city), faults, pictures);
  } catch (error) {
    hold("the report can be looked at", false, error.message);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
end();
