// A site judged: by a sample, by pasting with the keyboard alone, by the pen, and a text that cannot be read.
const SITE = "118.8721, 28.9563\n118.8790, 28.9563\n118.8790, 28.9601\n118.8721, 28.9601";

export default [
  {
    name: "a sample and the opinion on it",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/plan/conform");
      await page.waitForSelector("#conform-map[data-ready]");
      await shot("empty");
      await page.locator("nav.samples a").nth(9).click();
      await page.waitForSelector("#verdict .stamp");
      await page.waitForSelector("#conform-map[data-ready]");
      await shot("sample");
      await shot("sample-all", { full: true });
      const [file] = await Promise.all([page.waitForEvent("download"), page.locator("button[value=opinion]").click()]);
      hold("the opinion is a file", file.suggestedFilename().startsWith("opinion-SITE"), file.suggestedFilename());
    },
  },
  {
    name: "pasted with the keyboard alone",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/plan/conform");
      await page.focus("#site-text");
      await page.keyboard.insertText(SITE);
      for (let i = 0; i < 12; i += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(() => document.activeElement?.matches("#conform-form button[type=submit]"))) break;
      }
      await page.keyboard.press("Enter");
      await page.waitForSelector("#verdict .stamp");
      hold("it is said what was recognised", (await page.locator(".verdict header .caption").innerText()).length > 8);
      await shot("pasted");
    },
  },
  {
    name: "what cannot be read is told",
    langs: ["zh"],
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/plan/conform");
      await page.route("**/plan/conform", (route) => route.continue());
      const answer = await page.request.post(new URL("/plan/conform", page.url()).href, { form: { text: "POLYGON ((1 2, 3" } });
      hold("a refusal and no fault", answer.status() === 400, String(answer.status()));
      hold("it teaches", (await answer.text()).includes("class=\"letters\""));
      const large = await page.request.post(new URL("/api/conform", page.url()).href, { data: Buffer.alloc(9 << 20, 49), headers: { "content-type": "text/plain" } });
      hold("more than 8 MB is refused clearly", large.status() === 413, String(large.status()));
      await shot("asked");
    },
  },
];
