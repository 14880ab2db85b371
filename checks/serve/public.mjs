// 公众服务: a visitor on a phone, with scripts and without.

export default [
  {
    name: "public: my county in plain words",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/public");
      await shot("top");
      await shot("whole", { full: true });
      await page.locator("nav.across a.chip").nth(1).click();
      hold("a county of its own address", new URL(page.url()).searchParams.has("place"));
      await shot("county");
      const near = page.locator('.nearby a[href^="/environment/"]');
      hold("the county's sections and stations are told", (await near.count()) >= 2, `${await near.count()}`);
      await page.locator(".nearby").scrollIntoViewIfNeeded();
      await shot("nearby");
      await page.locator("p.figure a").click();
      hold("its number leads to why", new URL(page.url()).pathname === "/why");
    },
  },
  {
    name: "public: with scripts off",
    scripts: false,
    wide: false,
    steps: async ({ page, visit, shot, hold, lang }) => {
      await visit("/public");
      const text = await page.locator("main").innerText();
      hold("the text is there", text.length > 400 && (lang === "en" ? text.includes("How to check us") : text.includes("怎样核对我们")));
      await page.locator("#data summary").click();
      hold("the list of sources opens", await page.locator("table.inputs").isVisible());
      await shot("sources");
    },
  },
];
