//! Who works here. These may take their time, a password's hash takes some tenths of a second: none runs on the thread of
//! the windows.

use model::Role;

use super::Shared;
use crate::wire::Notice;
use crate::wire::people::{
    Account, AccountFields, Enrolment, Hidden, LoginKeeping, LoginResult, LoginTarget, Logins, Session,
    SignIn, Weakness,
};

#[tauri::command(async)]
pub(crate) fn session(console: Shared<'_>) -> Session {
    console.session()
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn create_first_account(
    console: Shared<'_>,
    account: String,
    name: String,
    password: Hidden,
) -> Result<(), Notice> {
    console.create_first_account(&account, &name, &password.0)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn sign_in(
    console: Shared<'_>,
    account: String,
    password: Hidden,
    code: Option<String>,
) -> Result<SignIn, Notice> {
    console.sign_in(&account, &password.0, code.as_deref())
}

#[tauri::command(async)]
pub(crate) fn sign_out(console: Shared<'_>) {
    console.sign_out();
}

#[tauri::command(async)]
pub(crate) fn lock(console: Shared<'_>) {
    console.lock();
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn unlock(console: Shared<'_>, password: Hidden) -> Result<(), Notice> {
    console.unlock(&password.0)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn hand_over(
    console: Shared<'_>,
    account: String,
    password: Hidden,
    code: Option<String>,
) -> Result<SignIn, Notice> {
    console.hand_over(&account, &password.0, code.as_deref())
}

#[tauri::command(async)]
pub(crate) fn touched(console: Shared<'_>) {
    console.touched();
}

#[tauri::command(async)]
pub(crate) fn play_role(console: Shared<'_>, role: Role) {
    console.play_role(role);
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn change_password(console: Shared<'_>, old: Hidden, password: Hidden) -> Result<(), Notice> {
    console.change_password(&old.0, &password.0)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn weaknesses(console: Shared<'_>, account: Option<String>, password: Hidden) -> Vec<Weakness> {
    console.weaknesses(account.as_deref(), &password.0)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn begin_second_factor(console: Shared<'_>, password: Hidden) -> Result<Enrolment, Notice> {
    console.begin_second_factor(&password.0)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn confirm_second_factor(console: Shared<'_>, code: String) -> Result<Vec<String>, Notice> {
    console.confirm_second_factor(&code)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn drop_second_factor(console: Shared<'_>, password: Hidden, code: String) -> Result<(), Notice> {
    console.drop_second_factor(&password.0, &code)
}

#[tauri::command(async)]
pub(crate) fn accounts(console: Shared<'_>) -> Result<Vec<Account>, Notice> {
    console.accounts()
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn create_account(
    console: Shared<'_>,
    fields: AccountFields,
    password: Hidden,
) -> Result<(), Notice> {
    console.create_account(&fields, &password.0)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn change_account(console: Shared<'_>, fields: AccountFields) -> Result<(), Notice> {
    console.change_account(&fields)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn set_account_disabled(
    console: Shared<'_>,
    account: String,
    disabled: bool,
) -> Result<(), Notice> {
    console.set_account_disabled(&account, disabled)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn reset_password(console: Shared<'_>, account: String, password: Hidden) -> Result<(), Notice> {
    console.reset_password(&account, &password.0)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn release_account(console: Shared<'_>, account: String) -> Result<(), Notice> {
    console.release_account(&account)
}

#[tauri::command(async)]
pub(crate) fn logins(console: Shared<'_>) -> Result<Logins, Notice> {
    console.logins()
}

#[tauri::command(async)]
pub(crate) fn keep_logins(console: Shared<'_>, keeping: LoginKeeping) -> Result<(), Notice> {
    console.keep_logins(keeping)
}

#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "commands own what they are sent")]
pub(crate) fn set_login(
    console: Shared<'_>,
    target: LoginTarget,
    user: String,
    password: Hidden,
) -> Result<LoginResult, Notice> {
    console.set_login(target, &user, &password.0)
}

#[tauri::command(async)]
pub(crate) fn remove_login(console: Shared<'_>, target: LoginTarget) -> Result<(), Notice> {
    console.remove_login(target)
}
