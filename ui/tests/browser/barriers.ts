// Asks axe what stands in somebody's way.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What axe finds that is serious or worse, as "rule: where". An entry of a menu or of the layouts is named by its
 * label; that the key beside it is no part of the name is meant so.
 */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: typeof import("axe-core") }).axe;
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes
          .filter((node) => id !== "label-content-name-mismatch" || !/role="(menuitem|option)/.test(node.html))
          .map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
      );
  });
}
