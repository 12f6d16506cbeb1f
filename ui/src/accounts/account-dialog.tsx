// An account is made or changed: who, as what, where; at first with a password for the first sign-in.

import { useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import { Check } from "lucide-react";
import type { Account, Role, Scope } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { NewPassword } from "../session/new-password";
import { useSecretForm } from "../session/secret-form";
import { useApp } from "../state/app";
import { isolated } from "../words/names";
import { roleMay, roleName, ROLES } from "../words/roles";
import { EVERYTHING, isEmpty } from "./scope";
import { ScopePicker } from "./scope-picker";

type Props = { account: Account | null; onClose: (changed: boolean) => void };

export function AccountDialog({ account, onClose }: Props) {
  const app = useApp();
  const [name, setName] = useState(account?.account ?? "");
  const [role, setRole] = useState<Role>(account?.role ?? "operator");
  const [scope, setScope] = useState<Scope>(account?.scope ?? EVERYTHING);
  const [required, setRequired] = useState(account?.second_factor_required ?? false);
  const [ready, setReady] = useState(account !== null);
  const fixed = account?.from_inventory ?? false;
  const form = useSecretForm(async (field) => {
    const fields = {
      account: name.trim(),
      name: field("name").trim(),
      role,
      scope: scope.everything ? EVERYTHING : scope,
      second_factor_required: required,
    };
    if (account) await app.backend.changeAccount(fields);
    else await app.backend.createAccount(fields, field("password"));
    onClose(true);
  });
  const title = account ? m.page_account_title({ name: isolated(account.name) }) : m.page_accounts_new();

  return (
    <CoveringDialog title={title} wide onClose={() => onClose(false)}>
      <form className="dialog-frame" onSubmit={form.onSubmit} autoComplete="off">
        <div className="dialog-body account-fields">
          <div className="form">
            {form.notice ? <InlineNotice notice={form.notice} /> : null}
            <Field
              label={m.page_person_name()}
              name="name"
              defaultValue={account?.name}
              autoCapitalize="words"
              maxLength={100}
              required
              autoFocus
            />
            <Field
              label={m.page_account()}
              name="account"
              value={name}
              onChange={(event) => setName(event.target.value)}
              maxLength={64}
              required
              disabled={account !== null}
              hint={account ? undefined : m.page_account_hint()}
            />
            {account ? null : (
              <>
                <NewPassword account={name.trim()} secondFactor={false} first onReady={setReady} />
                <p className="field-hint">{m.page_password_first_hint()}</p>
              </>
            )}
            <div className="check-with-hint">
              <Checkbox className="check" isSelected={required} onChange={setRequired}>
                <span className="check-box">
                  <Check aria-hidden="true" />
                </span>
                {m.page_second_require()}
              </Checkbox>
              <p className="field-hint">{m.page_second_require_hint()}</p>
            </div>
          </div>
          <div className="form">
            {fixed ? (
              <InlineNotice notice={{ level: "info", title: m.page_from_inventory(), detail: m.page_from_inventory_detail() }} />
            ) : null}
            <RoleChoice role={role} fixed={fixed} onChoose={setRole} />
            <ScopePicker scope={scope} fixed={fixed} onChange={setScope} />
          </div>
        </div>
        <div className="dialog-actions">
          <Button className="button" onPress={() => onClose(false)}>
            {m.page_cancel()}
          </Button>
          <Button
            type="submit"
            className="button button-primary"
            isDisabled={!ready || isEmpty(scope)}
            isPending={form.busy}
          >
            {account ? m.page_save() : m.page_accounts_create()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

type RoleProps = { role: Role; fixed: boolean; onChoose: (role: Role) => void };

function RoleChoice({ role, fixed, onChoose }: RoleProps) {
  return (
    <fieldset className="options" disabled={fixed}>
      <legend>{m.page_role()}</legend>
      {ROLES.map((each) => (
        <label key={each} className="option">
          <input type="radio" name="role" value={each} checked={each === role} onChange={() => onChoose(each)} />
          <span>
            <span className="option-name">{roleName(each)}</span>
            <span className="option-text">{roleMay(each)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
