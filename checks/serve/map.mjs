// The planner's and the visitor's first minutes with the map.

/** Waits until nothing moves and everything that is shown has been drawn. @param {any} page */
const idle = (page) => page.waitForSelector("body[data-map-idle]", { state: "attached" });

export default [
  {
    name: "look at the region, choose a county, ask a point",
    steps: async ({ page, visit, shot, hold, lang }) => {
      await visit("/map");
      await idle(page);
      await shot("first");
      // Truth of what is drawn, without comparing pictures: the county of a known point.
      const drawn = await page.evaluate(() => {
        const map = globalThis.liangshanMap;
        const found = map.queryRenderedFeatures(map.project([118.6, 28.6]), { layers: ["density"] });
        return found.map((f) => f.properties.id);
      });
      hold("the county under a point of Jiangshan is drawn there", drawn.includes("330881"), JSON.stringify(drawn));
      const names = await page.evaluate(() => globalThis.liangshanMap.queryRenderedFeatures({ layers: ["counties:label"] }).length);
      hold("the counties have their names on the map", names >= 2, `${names}`);
      await page.locator("#value").selectOption("water_conservation");
      await idle(page);
      hold("the choice stands in the address", page.url().includes("value=water_conservation"), page.url());
      await shot("water");
      await page.locator('table.ranking a[href*="330881"]').first().click();
      await idle(page);
      hold("the county's sheet is shown", (await page.locator("#place h2").textContent())?.includes(lang === "zh" ? "江山" : "Jiangshan"));
      hold("the address keeps the value and the place", page.url().includes("place=330881") && page.url().includes("value=water_conservation"), page.url());
      // A place of the county where no section or station stands: a click on one leads to its page.
      const spot = await page.evaluate(() => {
        const map = globalThis.liangshanMap;
        const layers = map.getStyle().layers.map((l) => l.id).filter((id) => id.endsWith(":point"));
        const free = (p) => !map.queryRenderedFeatures([[p.x - 12, p.y - 12], [p.x + 12, p.y + 12]], { layers }).length;
        return [[118.55, 28.6], [118.6, 28.5], [118.5, 28.7], [118.45, 28.5]].map((place) => map.project(place)).find(free);
      });
      await page.locator("#map canvas").click({ position: { x: spot.x, y: spot.y } });
      await page.waitForSelector("#here[data-shown]");
      const services = await page.locator("#here li").count();
      hold("a point says what is there", services > 0, `${services} lines`);
      await shot("county");
    },
  },
  {
    name: "by keyboard: search, years, folding",
    narrow: false,
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/map");
      await idle(page);
      await page.keyboard.press("/");
      await page.keyboard.type("kh");
      await page.waitForSelector(".find button");
      await page.keyboard.press("Enter");
      await page.waitForURL(/place=\d{6}/, { timeout: 20000 });
      await idle(page);
      hold("the search moves the map to the county and opens it", page.url().includes("at="), page.url());
      const year = page.locator(".years a").first();
      await year.focus();
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector(".years a")?.hasAttribute("aria-current"));
      hold("another year stands in the address", /year=\d{4}/.test(page.url()), page.url());
      await page.locator("#layers .fold").focus();
      await page.keyboard.press("Enter");
      hold("the sheet folds", await page.locator("#layers").evaluate((s) => s.classList.contains("folded")));
      await idle(page);
      await shot("folded");
    },
  },
  {
    name: "without scripts",
    scripts: false,
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/map");
      const rows = await page.locator("table.ranking tbody tr").count();
      hold("the counties are a table", rows >= 2, `${rows} rows`);
      await shot("no-scripts");
    },
  },
  {
    name: "sections and stations against their targets; ecosystem types by year; breaks of a ramp",
    steps: async ({ page, visit, shot, hold, wide, lang }) => {
      await visit("/map?layers=counties,rivers,sections,air_stations&at=118.87,28.98,10.00");
      await idle(page);
      const drawn = await page.evaluate(() => {
        const map = globalThis.liangshanMap;
        const found = map.queryRenderedFeatures({ layers: ["sections:point"] });
        const colour = (id) => map.getPaintProperty("sections:point", "circle-color").flat()[map.getPaintProperty("sections:point", "circle-color").indexOf(id) + 1];
        return { ids: found.map((f) => f.properties.id), met: colour("SEC02"), missed: colour("SEC03") };
      });
      hold("sections are drawn", drawn.ids.includes("SEC04"), JSON.stringify(drawn.ids));
      hold("one that meets its target has another colour than one that misses it", drawn.met !== drawn.missed, JSON.stringify(drawn));
      hold("how they stand is beside the switch", (await page.locator("#layers .states .chip.met").count()) >= 2);
      await shot("sections");
      await visit("/map?value=ecosystem");
      await idle(page);
      const types = await page.locator("#types .entry").count();
      hold("the legend has the types of the map", types >= 10 && (await page.locator("#types").isVisible()), `${types} types`);
      await shot("ecosystem");
      await page.locator(".years a").first().click();
      await page.waitForFunction(() => document.querySelector(".years a")?.hasAttribute("aria-current"));
      await idle(page);
      const tiles = await page.evaluate(() => globalThis.liangshanMap.getSource("value").tiles[0]);
      hold("another year is another map of types", /ecosystem\/2019\//.test(tiles), tiles);
      await visit("/map?value=soil_retention");
      await idle(page);
      const breaks = await page.locator("#ramp .breaks text").allTextContents();
      hold("the breaks of the ramp are printed", breaks.length >= 5, breaks.join(" "));
      await shot("breaks");
      const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
      const sheets = (pdf.match(/\/Type\s*\/Page\b/g) ?? []).length;
      hold("it prints on one sheet", sheets === 1, `${sheets} sheets`);
      const colours = await page.evaluate(() => {
        dispatchEvent(new Event("beforeprint"));
        const paper = document.querySelector("#map canvas.paper");
        const { data } = paper.getContext("2d").getImageData(0, 0, paper.width, paper.height);
        const seen = new Set();
        for (let at = 0; at < data.length; at += 404) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
        dispatchEvent(new Event("afterprint"));
        return seen.size;
      });
      hold("the map is on the paper, not only its frame", colours > 50, `${colours} colours`);
      // A register is a layer, and the pointer opens its record.
      await visit("/map?layers=counties,register-mines&at=118.36832,29.0888,12.00");
      await idle(page);
      await shot("register");
      const canvas = await page.locator("#map canvas").boundingBox();
      const mine = await page.evaluate(() => globalThis.liangshanMap.project([118.36832, 29.0888]));
      await page.mouse.click(canvas.x + mine.x, canvas.y + mine.y);
      await page.waitForURL(/plan\/record/, { timeout: 20000 });
      hold("a mine on the map opens its record", page.url().includes("DEMO-M001"), page.url());
      // Asked by the pointer where the section is: its page.
      await visit("/map?layers=counties,sections&at=118.7166,28.9430,11.00");
      await idle(page);
      const box = await page.locator("#map canvas").boundingBox();
      const at = await page.evaluate(() => globalThis.liangshanMap.project([118.716624, 28.942955]));
      await page.mouse.click(box.x + at.x, box.y + at.y);
      await page.waitForURL(/environment\/section\/SEC02/, { timeout: 20000 });
      hold("a click on a section leads to its page, in the same language", (await page.locator("html").getAttribute("lang"))?.startsWith(lang), page.url());
      hold("on any screen", wide !== undefined);
    },
  },
];
