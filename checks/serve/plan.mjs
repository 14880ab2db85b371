// The plan as a planner reads it: the text, a sentence, its target; projects; what it names; zones; conflicts.
export default [
  {
    name: "from a sentence to what feeds it",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/plan");
      await shot("text");
      const sentences = page.locator("a.s");
      hold("sentences are links", (await sentences.count()) > 50);
      await page.locator("a.kpi.s-red, a.kpi.s-yellow").first().click();
      await page.waitForLoadState();
      await page.locator("a.s:not(.dim)").first().click();
      await page.waitForSelector("#open");
      await shot("sentence");
      await page.locator("#open ul.feeds a").first().click();
      await page.waitForLoadState();
      hold("a feed leads to a page", (await page.locator("h1").count()) === 1);
      await shot("feed");
    },
  },
  {
    name: "targets, projects, what it names",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/plan/targets");
      hold("every target has a card with a lamp", (await page.locator("article.target .chip").count()) >= 20);
      await shot("targets");
      await page.locator("article.target h2 a").nth(4).click();
      await page.waitForLoadState();
      await shot("target");
      await visit("/plan/projects");
      await shot("projects");
      await visit("/plan/systems");
      hold("all that it names is listed", (await page.locator("tbody tr").count()) === 231);
      await shot("systems");
      await visit("/plan/register/projects");
      await shot("register");
      await visit("/plan/registers");
      hold("all registers are listed", (await page.locator("tbody tr").count()) >= 20);
      await shot("registers");
      await visit("/plan/register/mines");
      await page.locator("tbody tr a").first().click();
      await page.waitForLoadState("load");
      hold("a record tells its file and its open steps", (await page.locator("h1").innerText()).includes("DEMO-M001") && (await page.locator("div.sheet").count()) === 3);
      await shot("record");
    },
  },
  {
    name: "zones and conflicts",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/plan/zones");
      hold("zones have a table", (await page.locator("tbody tr").count()) > 3);
      await shot("zones");
      await visit("/plan/conflicts");
      await page.waitForSelector("#conform-map[data-ready]");
      hold("spots are listed", (await page.locator("button[data-spot]").count()) > 3);
      await shot("conflicts");
    },
  },
  {
    name: "the text without scripts",
    scripts: false,
    narrow: false,
    langs: ["zh"],
    steps: async ({ page, visit, hold }) => {
      await visit("/plan");
      await page.locator("a.s").first().click();
      hold("a sentence opens", (await page.locator("#open dl").count()) === 1);
    },
  },
];
