import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/measure/**/*.measure.ts"],
    globalSetup: ["tests/browser/server.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
