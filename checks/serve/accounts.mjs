// 价值核算: the analyst's first minutes: read the total, open a service, ask why, look at the change,
// take the workbook along; and the same with scripts off and by the keyboard alone.

export default [
  {
    name: "accounts: read, open, ask why",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/accounts");
      await shot("top");
      hold("every class of the tree is open", (await page.locator("details.group[open]").count()) === 3);
      const service = page.locator("details.node", { has: page.locator('a[href*="indicator=water_conservation"]') }).first();
      await service.locator("summary").first().click({ position: { x: 8, y: 8 } });
      hold("a service opens to its formula", await service.locator("dl.about").first().isVisible());
      await service.scrollIntoViewIfNeeded();
      await shot("tree");
      for (const part of ["counties", "change", "standing", "review", "files"]) {
        await page.locator(`#${part}`).scrollIntoViewIfNeeded();
        await page.evaluate((id) => document.getElementById(id)?.scrollIntoView(), part);
        await shot(part);
      }
      await shot("whole", { full: true });
      await page.locator(".kpi.first a.why").click();
      hold("one click leads to why", new URL(page.url()).pathname === "/why");
    },
  },
  {
    name: "accounts: a county of another year, chosen without scripts",
    scripts: false,
    langs: ["zh"],
    narrow: false,
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/accounts");
      await page.locator('select[name="place"]').selectOption({ index: 1 });
      await page.locator('select[name="year"]').selectOption({ index: 0 });
      await page.locator("form.choose button").click();
      const at = new URL(page.url());
      hold("the choice stands in the address", at.searchParams.has("place") && at.searchParams.has("year"), at.href);
      hold("a county is shown", (await page.locator("#counties").count()) === 0 && (await page.locator(".tree").count()) === 1);
      await shot("county");
    },
  },
  {
    name: "accounts: by the keyboard",
    langs: ["zh"],
    narrow: false,
    steps: async ({ page, visit, hold }) => {
      await visit("/accounts");
      const summary = page.locator("details.node > summary").first();
      await summary.focus();
      await page.keyboard.press("Enter");
      hold("Enter opens a service", (await page.locator("details.node[open]").count()) === 1);
      await page.keyboard.press("Shift+Tab");
      hold("its number is the stop before it", await page.evaluate(() => document.activeElement?.getAttribute("href")?.startsWith("/why") ?? false));
    },
  },
];
