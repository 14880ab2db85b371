// Is bulletin.html one sheet of A4 in both languages, without a network, with nothing cut off?
// node checks/bulletin.mjs FOLDER... [--screenshots DIR]
import { readFileSync, mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const given = process.argv.slice(2);
const at = given.indexOf("--screenshots");
const shots = at >= 0 ? given.splice(at, 2)[1] : undefined;
if (given.length === 0) {
  console.error("usage: node checks/bulletin.mjs FOLDER... [--screenshots DIR]");
  process.exit(2);
}
if (shots) mkdirSync(shots, { recursive: true });

const faults = [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const page = await context.newPage();
page.on("request", (request) => request.url().startsWith("file:") || faults.push(`${request.url()} was asked for`));
page.on("pageerror", (error) => faults.push(String(error)));

for (const folder of given) {
  const file = resolve(folder, "bulletin.html");
  readFileSync(file);
  for (const language of ["zh", "en"]) {
    const named = `${folder} ${language}`;
    const wrong = (what) => faults.push(`${named}: ${what}`);
    await page.emulateMedia({ media: null });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${pathToFileURL(file)}?lang=${language}`);
    if ((await page.getAttribute("html", "lang")) !== language) wrong("the page is not in this language");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) wrong(`the screen scrolls sideways by ${wide} px`);
    if (shots) await page.screenshot({ path: join(shots, `${basename(folder)}-${language}.png`), fullPage: true });
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
    const sheets = (pdf.match(/\/Type\s*\/Page\b/g) ?? []).length;
    if (sheets !== 1) wrong(`${sheets} sheets of paper`);
    // The text area of A4 with the margins of the style: tables must not reach beyond it.
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 718, height: 1069 });
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll("section:not(.over) table")].filter((t) => t.scrollWidth > t.parentElement.clientWidth + 1).map((t) => t.closest("section").querySelector("h2").innerText),
    );
    if (cut.length > 0) wrong(`cut off on paper: ${cut.join(", ")}`);
    if (shots) await page.screenshot({ path: join(shots, `${basename(folder)}-${language}-paper.png`), fullPage: true });
  }
}
await browser.close();
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log(`${given.length} bulletins: one sheet each, in both languages`);
