// From a section or station to its limits, zones, offices and permits, and back.

export default [
  {
    name: "a water section: class, why, what is near, and back",
    steps: async ({ page, visit, shot, hold, lang }) => {
      await visit("/environment");
      const sections = await page.locator("#sections li a").count();
      hold("the sections of the region are listed", sections >= 8, `${sections} sections`);
      await shot("list", { full: true });
      await page.locator('#sections a[href^="/environment/section/SEC02"]').click();
      hold("the section has its page", page.url().includes("/environment/section/SEC02"), page.url());
      hold("it says which class it has and which it should have", (await page.locator(".place .kpis .grade").count()) >= 2);
      const deciding = await page.locator("#why tr.decides").count();
      hold("it says which item decides", deciding >= 1, `${deciding} rows`);
      hold("its series are drawn", (await page.locator(".pictures figure").count()) >= 3);
      hold("offices answer for it", (await page.locator("#offices dd").count()) >= 1);
      await shot("section");
      await shot("section-whole", { full: true });
      await page.locator('#why a[href^="/environment/standard/gb3838-2002"]').click();
      hold("its limits are a page", (await page.locator("table").count()) >= 1);
      await shot("standard");
      await page.goBack();
      await page.locator('.near a[href*="/plan/record"]').first().click();
      hold("a permit or plant near it is one record", (await page.locator("main table tbody tr").count()) >= 5, page.url());
      await shot("record");
      await page.locator('main a[href^="/environment/section/"]').first().click();
      hold("and from there back to a section", page.url().includes("/environment/section/"), page.url());
      await page.locator(".locator figcaption a").click();
      await page.waitForSelector("body[data-map-idle]", { state: "attached" });
      hold("the map opens there", page.url().includes("/map?at="), page.url());
      await shot("on-map");
      hold("in the language asked for", (await page.locator("html").getAttribute("lang")) === (lang === "en" ? "en" : "zh-CN"));
    },
  },
  {
    name: "a station of the air, and one without data",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/environment/station/1264A");
      hold("it has an index", (await page.locator(".place .kpis").innerText()).includes("AQI"));
      await shot("station", { full: true });
      await visit("/environment/station/DEMO-ST031");
      hold("nothing is said where nothing was measured", (await page.locator(".place .chip.no_data").count()) >= 1);
      await shot("no-data");
      await visit("/environment/station/%E8%A1%A2%E5%B7%9E");
      await shot("city", { full: true });
    },
  },
];
