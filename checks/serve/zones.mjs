// What changed in the zones, and what the office's own projects have of it.

export default [
  {
    name: "zones: five causes of a change, own projects among them",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/plan/zones?set=function_zone");
      await page.locator("details.causes summary").first().click();
      const heads = await page.locator("details.causes thead th").count();
      hold("five causes beside the change", heads === 8, `${heads} heads`);
      hold("projects are named and linked", (await page.locator('details.causes a[href*="/plan/projects"]').count()) >= 1);
      await page.locator("details.causes").first().scrollIntoViewIfNeeded();
      await shot("causes");
    },
  },
];
