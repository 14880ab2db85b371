// 为什么是这个数: from the total down to one file, each step recomputable.

export default [
  {
    name: "why: from the total down to a forest in a county",
    steps: async ({ page, visit, shot, hold }) => {
      await visit("/why");
      await shot("total");
      await shot("total-whole", { full: true });
      await page.locator('.parts a[href*="indicator=water_conservation"]').first().click();
      hold("a formula is drawn", (await page.locator("math").count()) === 1);
      await shot("water");
      await page.locator(".parts a[href*='place=']").first().waitFor();
      await page.locator('.parts a[href*="ecosystem=forest"]').first().click();
      await shot("forest");
      await shot("forest-whole", { full: true });
      const files = await page.locator("table.inputs tbody tr").count();
      hold("files stand behind it", files > 0, `${files}`);
      await page.locator("nav.trail a").first().click();
      hold("and the way leads back up", new URL(page.url()).pathname === "/accounts");
    },
  },
  {
    name: "why: the parts of a number are the number",
    langs: ["zh"],
    narrow: false,
    steps: async ({ page, visit, hold }) => {
      await visit("/why?indicator=water_conservation");
      const shown = await page.locator("table.parts").evaluateAll((tables) =>
        tables.map((table) => [...table.querySelectorAll("td.number")].map((cell) => BigInt((cell.textContent ?? "").replace("−", "-").replace(/[,.]/g, "")).toString())),
      );
      hold("there are parts", shown.length > 0);
      for (const numbers of shown) {
        const sum = numbers.slice(0, -1).reduce((total, n) => total + BigInt(n), 0n);
        hold("they add up to the fen", sum === BigInt(numbers.at(-1) ?? "0"), `${sum} ${numbers.at(-1)}`);
      }
    },
  },
];
