// The people of a monitoring room, in every state that an account can have, and one with a name nobody should have.

import type { Account, Role, Scope } from "../wire";

const EVERYTHING: Scope = { everything: true, districts: [], sites: [], cameras: [] };
const HOUR = 3_600_000;

function account(name: string, display: string, role: Role, fields: Partial<Account> = {}): Account {
  return {
    account: name,
    name: display,
    role,
    scope: EVERYTHING,
    disabled: false,
    locked_until: null,
    second_factor: false,
    second_factor_required: false,
    must_change: false,
    last_sign_in: Date.now() - HOUR * (2 + ((name.length * 7) % 60)),
    from_inventory: false,
    ...fields,
  };
}

const only = (fields: Partial<Scope>): Scope => ({ everything: false, districts: [], sites: [], cameras: [], ...fields });

export function staff(): Account[] {
  return [
    account("quantri", "Lê Quốc Bảo", "administrator", { second_factor: true, second_factor_required: true }),
    account("truong-ca", "Nguyễn Thị Hồng Đào", "supervisor"),
    account("truc1", "Trần Văn Ân", "operator", { from_inventory: true, second_factor: true }),
    account("truc2", "Đặng Minh Tuấn", "operator", { from_inventory: true }),
    account("truc3", "Phạm Thị Ngọc Ánh", "operator", { locked_until: Date.now() + HOUR / 4 }),
    account("truc4", "Huỳnh Tấn Phát", "operator", { must_change: true, last_sign_in: null }),
    account("giongrieng", "Danh Sơn", "viewer", { scope: only({ districts: ["Huyện Giồng Riềng"] }) }),
    account("benhvien", "Bùi Thị Thu Hà", "viewer", { scope: only({ sites: ["bvdk", "vinh-lac"] }) }),
    account("cho", "Ông Văn Lợi", "viewer", { scope: only({ sites: ["cho"], cameras: ["dhkg-1-1", "dhkg-1-2"] }) }),
    account("kiemtra", "Vũ Đức Thắng", "auditor"),
    account("giamsat", "Lâm Thị Mỹ Duyên", "viewer", { second_factor_required: true }),
    account("cu", "Mai Xuân Nghĩa", "operator", { disabled: true, last_sign_in: Date.now() - HOUR * 24 * 90 }),
    account("la", "<img src=x onerror=\"window.hostile=true\"> \u202eđảo ngược", "viewer", { scope: only({ sites: ["odd"] }) }),
  ];
}
