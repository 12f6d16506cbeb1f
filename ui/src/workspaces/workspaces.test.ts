import { describe, expect, test } from "vitest";
import type { Action, Person } from "../ipc/wire";
import { firstWorkspace, mayOpen, WORKSPACES } from "./workspaces";

const person = (...may: Action[]): Person => ({
  account: "truc",
  name: "Trực ban",
  role: "operator",
  scope: { everything: true, districts: [], sites: [], cameras: [] },
  may,
  second_factor: false,
  second_factor_required: false,
});
const open = (...may: Action[]) => WORKSPACES.filter((workspace) => mayOpen(person(...may), workspace));

describe("which workspaces are there", () => {
  test("for who watches", () => {
    expect(open("view", "arrange_walls")).toEqual(["wall", "map", "health", "me", "settings"]);
  });

  test("for who administers: no wall", () => {
    expect(open("manage_accounts", "manage_inventory")).toEqual(["map", "health", "inventory", "accounts", "me", "settings"]);
  });

  test("for who audits: the log, and what it says of packages", () => {
    expect(open("read_audit")).toEqual(["records", "me", "settings", "incidents"]);
  });

  test("for nobody: none", () => {
    expect(WORKSPACES.filter((workspace) => mayOpen(null, workspace))).toEqual([]);
  });
});

test("everybody starts where their work is", () => {
  expect(firstWorkspace(person("view"))).toBe("wall");
  expect(firstWorkspace(person("manage_accounts", "manage_inventory"))).toBe("accounts");
  expect(firstWorkspace(person("manage_inventory"))).toBe("inventory");
  expect(firstWorkspace(person("read_audit"))).toBe("records");
  expect(firstWorkspace(person())).toBe("me");
});
