// Roles and what each of them may do, in words.

import type { Role } from "../ipc/wire";
import { m } from "../paraglide/messages.js";

export const ROLES: Role[] = ["supervisor", "operator", "viewer", "administrator", "auditor"];

export function roleName(role: Role): string {
  switch (role) {
    case "administrator":
      return m.page_role_administrator();
    case "supervisor":
      return m.page_role_supervisor();
    case "operator":
      return m.page_role_operator();
    case "viewer":
      return m.page_role_viewer();
    case "auditor":
      return m.page_role_auditor();
  }
}

export function roleMay(role: Role): string {
  switch (role) {
    case "administrator":
      return m.page_role_administrator_may();
    case "supervisor":
      return m.page_role_supervisor_may();
    case "operator":
      return m.page_role_operator_may();
    case "viewer":
      return m.page_role_viewer_may();
    case "auditor":
      return m.page_role_auditor_may();
  }
}
