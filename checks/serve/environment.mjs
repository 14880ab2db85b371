// How the waters and the air are, by the standards in force.

export default [
  {
    name: "from the list to a file, and to another edition",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/environment");
      const files = await page.locator(".files h3 a").count();
      hold("the files of the region are listed", files >= 2, `${files} files`);
      await shot("list", { full: true });
      await visit("/environment/sections");
      hold("sections have classes", (await page.locator(".assessed .grade").count()) > 0);
      await shot("water");
      await visit("/environment/city_air");
      await page.locator('.tabs a[href*="hj633-2012%2Chj633-2026"]').click();
      await page.waitForLoadState();
      hold("two editions are compared", page.url().includes("hj633-2026"), page.url());
      await shot("editions");
    },
  },
];
